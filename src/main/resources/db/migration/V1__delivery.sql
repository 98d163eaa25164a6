-- The idempotent receiver of every service: one row for each service and event, written in the effect's transaction.
CREATE TABLE delivery.receipts (
    service  text        NOT NULL,
    order_id uuid        NOT NULL,
    event    text        NOT NULL,
    parked   boolean     NOT NULL DEFAULT false,
    attempt  smallint    NOT NULL DEFAULT 1,
    outcome  text,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, order_id, event)
);

-- Rows are written in the order of their time, so a block range index finds the old ones at almost no cost.
CREATE INDEX receipts_at ON delivery.receipts USING brin (at);
