CREATE SCHEMA IF NOT EXISTS intake;

-- One row for each Idempotency-Key of a client: its id is the order's id, made of client and key.
CREATE TABLE intake.keys (
    id           uuid        PRIMARY KEY,
    payload_hash bytea       NOT NULL,
    state        text        NOT NULL CHECK (state IN ('pending', 'accepted')),
    lease_until  timestamptz NOT NULL,
    at           timestamptz NOT NULL DEFAULT now()
);

-- Rows are written in the order of their time, so a block range index finds the old ones at almost no cost.
CREATE INDEX keys_at ON intake.keys USING brin (at);
