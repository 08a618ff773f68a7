-- +goose Up
CREATE TABLE users (
    id             TEXT PRIMARY KEY,
    email          TEXT NOT NULL UNIQUE, -- lower case
    name           TEXT NOT NULL,
    role           TEXT NOT NULL,        -- user, helpdesk, admin, owner, auditor
    contact_phone  BLOB,                 -- sealed; the number on record, for calling back
    contact_since  BIGINT NOT NULL DEFAULT 0,
    enrol_by       BIGINT NOT NULL DEFAULT 0, -- after a reset: must set up again, until then
    reported_at    BIGINT NOT NULL DEFAULT 0, -- the user said "this wasn't me"
    suspended_at   BIGINT NOT NULL DEFAULT 0,
    stepped_down_at BIGINT NOT NULL DEFAULT 0, -- when the role of an administrator was taken away
    created_at     BIGINT NOT NULL
);

CREATE TABLE identities (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    provider   TEXT NOT NULL, -- google, apple
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    via        TEXT NOT NULL,    -- email, google, apple
    need       TEXT NOT NULL,    -- '', second, enrol
    device     TEXT NOT NULL,    -- as shown in the list of sessions
    first_at   BIGINT NOT NULL,  -- when the first factor was proved, 0 never
    second_at  BIGINT NOT NULL,  -- likewise the second
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sessions_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_age ON sessions (created_at);

CREATE TABLE devices (
    user_id    TEXT NOT NULL REFERENCES users (id),
    hash       BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- A code sent by e-mail, for signing in or for proving the address again.
CREATE TABLE mail_flows (
    id         TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,             -- signin, elevation, binding
    email_hash BLOB NOT NULL,             -- keyed, so that limits hold for unknown addresses too
    user_id    TEXT REFERENCES users (id), -- null: nobody has this address, and nobody is told
    session_id TEXT NOT NULL DEFAULT '',  -- the session that an elevation is for
    -- binding: the identity of a provider that is the user's once the code is right
    provider   TEXT NOT NULL DEFAULT '',
    issuer     TEXT NOT NULL DEFAULT '',
    subject    TEXT NOT NULL DEFAULT '',
    return_to  TEXT NOT NULL DEFAULT '',
    code_mac   BLOB NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    sends      INTEGER NOT NULL DEFAULT 1,
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX mail_flows_age ON mail_flows (expires_at);

-- A sign-in at Google or Apple that has not come back yet.
CREATE TABLE provider_flows (
    state_hash   BLOB PRIMARY KEY,
    provider     TEXT NOT NULL,
    purpose      TEXT NOT NULL, -- signin, elevation
    session_id   TEXT NOT NULL DEFAULT '',
    browser_hash BLOB NOT NULL, -- only the browser that began may end it
    nonce        TEXT NOT NULL,
    verifier     BLOB NOT NULL, -- sealed; PKCE, RFC 7636
    return_to    TEXT NOT NULL DEFAULT '',
    expires_at   BIGINT NOT NULL
);
CREATE INDEX provider_flows_age ON provider_flows (expires_at);

-- How often something happened in the present window of time.
CREATE TABLE limits (
    name    TEXT NOT NULL,
    hash    BLOB NOT NULL,
    window_start  BIGINT NOT NULL,
    n       INTEGER NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (name, hash)
);
CREATE INDEX limits_age ON limits (expires_at);

-- What is to be sent, written in the transaction that it tells of.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    dedupe     TEXT NOT NULL UNIQUE,
    channel    TEXT NOT NULL,  -- mail, sms
    body       BLOB,           -- sealed: address, subject, text; null once it is sent or given up
    created_at BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- a code that is late is not sent
    tries      INTEGER NOT NULL DEFAULT 0,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    sent_at    BIGINT NOT NULL DEFAULT 0,
    failed_at  BIGINT NOT NULL DEFAULT 0,
    trouble    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_age ON outbox (created_at);
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at = 0 AND failed_at = 0;

-- What happened. Rows are only ever added; the chain over them is closed a moment later.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,  -- user id, '' the service itself
    subject TEXT NOT NULL,  -- user id, '' none
    action  TEXT NOT NULL,
    detail  TEXT NOT NULL,  -- JSON object of strings
    seq     BIGINT UNIQUE,  -- place in the chain, null until closed
    mac     BLOB            -- hash of the row, hash of the chain up to it, keyed hash of both
);
CREATE INDEX audit_subject ON audit (subject, id);
CREATE INDEX audit_open ON audit (id) WHERE seq IS NULL;

-- Where the chain ends: mac is the hash of the chain.
CREATE TABLE audit_head (
    one    INTEGER PRIMARY KEY,
    seq    BIGINT NOT NULL,
    mac    BLOB NOT NULL
);
INSERT INTO audit_head (one, seq, mac) VALUES (1, 0, x'');
