-- +goose Up
-- While a row is there and not too old, its user may type two codes in a row in a sign-in.
CREATE TABLE resyncs (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    opened_by  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
