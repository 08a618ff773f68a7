-- +goose Up
-- What a helpdesk or an administrator did or wants to do for a user.
CREATE TABLE cases (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id),
    action       TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    reason       TEXT NOT NULL,
    checks       TEXT NOT NULL, -- JSON: the identity checks that were made
    state        TEXT NOT NULL, -- waiting, done, refused, expired
    created_at   BIGINT NOT NULL,
    not_before   BIGINT NOT NULL, -- a second administrator can approve from then
    expires_at   BIGINT NOT NULL,
    decided_by   TEXT NOT NULL DEFAULT '',
    decided_at   BIGINT NOT NULL DEFAULT 0,
    audit_id     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX cases_user ON cases (user_id, created_at);
CREATE INDEX cases_waiting ON cases (expires_at) WHERE state = 'waiting';

-- "This wasn't me" links in messages.
CREATE TABLE objections (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    event      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX objections_age ON objections (expires_at);

-- Linked apps: RFC 6749 authorization codes with PKCE (RFC 7636).
CREATE TABLE link_codes (
    code_hash    BLOB PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id),
    client       TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    scope        TEXT NOT NULL,
    first_at     BIGINT NOT NULL, -- when the session that allowed it proved its first factor
    second_at    BIGINT NOT NULL, -- likewise the second, 0 none
    expires_at   BIGINT NOT NULL,
    link_id      TEXT NOT NULL DEFAULT '' -- once used
);
CREATE INDEX link_codes_user ON link_codes (user_id);
CREATE INDEX link_codes_age ON link_codes (expires_at);

-- RFC 8628 device grants.
CREATE TABLE link_devices (
    device_hash BLOB PRIMARY KEY,
    user_code   TEXT NOT NULL UNIQUE,
    client      TEXT NOT NULL,
    scope       TEXT NOT NULL,
    state       TEXT NOT NULL, -- waiting, granted, refused, used
    user_id     TEXT REFERENCES users (id),
    first_at    BIGINT NOT NULL DEFAULT 0, -- as in link_codes
    second_at   BIGINT NOT NULL DEFAULT 0,
    polled_at   BIGINT NOT NULL DEFAULT 0,
    slow        INTEGER NOT NULL, -- seconds between two questions
    expires_at  BIGINT NOT NULL
);
CREATE INDEX link_devices_user ON link_devices (user_id);
CREATE INDEX link_devices_age ON link_devices (expires_at);

CREATE TABLE links (
    id             TEXT PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id),
    client         TEXT NOT NULL,
    scope          TEXT NOT NULL,
    access_hash    BLOB NOT NULL UNIQUE,
    refresh_hash   BLOB NOT NULL UNIQUE,
    first_at       BIGINT NOT NULL, -- as in link_codes
    second_at      BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    used_at        BIGINT NOT NULL,
    access_until   BIGINT NOT NULL,
    refresh_until  BIGINT NOT NULL,
    ended_at       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX links_user ON links (user_id, ended_at);
CREATE INDEX links_age ON links (refresh_until);
