-- +goose Up
CREATE TABLE factors (
    user_id    TEXT PRIMARY KEY REFERENCES users (id), -- exactly one at a time
    method     TEXT NOT NULL,             -- totp, sms
    secret     BLOB,                      -- sealed, for totp
    phone      BLOB,                      -- sealed, for sms
    phone_hint TEXT NOT NULL DEFAULT '',  -- masked
    last_step  BIGINT NOT NULL DEFAULT 0, -- RFC 6238: of the last accepted code
    drift      INTEGER NOT NULL DEFAULT 0, -- steps that the device was off when last used
    resync     INTEGER NOT NULL DEFAULT 0, -- steps that a resynchronization found
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0
);

-- A method that is being set up. The secret stays here until it is proved.
CREATE TABLE enrolments (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL UNIQUE REFERENCES users (id), -- a new one replaces the old
    session_id TEXT NOT NULL,             -- only the session that began may finish
    method     TEXT NOT NULL,
    secret     BLOB,                      -- sealed
    phone      BLOB,                      -- sealed
    phone_hint TEXT NOT NULL DEFAULT '',
    code_mac   BLOB,                      -- of the code sent by SMS
    tries      INTEGER NOT NULL DEFAULT 0,
    sends      INTEGER NOT NULL DEFAULT 0,
    sent_at    BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Failures of all second factors of an account together; they outlive restarts.
CREATE TABLE guards (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    failures   INTEGER NOT NULL, -- in a row
    not_before BIGINT NOT NULL
);

-- The code sent by SMS for a sign-in or an elevation: one a session.
CREATE TABLE sms_codes (
    session_id TEXT PRIMARY KEY REFERENCES sessions (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    code_mac   BLOB NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    sends      INTEGER NOT NULL DEFAULT 1,
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sms_codes_age ON sms_codes (expires_at);

CREATE TABLE backup_sets (
    user_id      TEXT PRIMARY KEY REFERENCES users (id),
    id           TEXT NOT NULL UNIQUE,
    salt         BLOB NOT NULL,
    cost         TEXT NOT NULL,         -- of Argon2id: m=19456,t=2,p=1
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL DEFAULT 0 -- "I have saved them"
);
CREATE TABLE backup_codes (
    set_id  TEXT NOT NULL REFERENCES backup_sets (id) ON DELETE CASCADE,
    hash    BLOB NOT NULL,
    used_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (set_id, hash)
);

CREATE TABLE bypass_codes (
    user_id    TEXT PRIMARY KEY REFERENCES users (id), -- one live at a time
    code_mac   BLOB NOT NULL,
    issued_by  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
