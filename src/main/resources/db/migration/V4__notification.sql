CREATE SCHEMA IF NOT EXISTS notification;

-- One mail for each order and kind.
CREATE TABLE notification.mail (
    order_id   uuid        NOT NULL,
    kind       text        NOT NULL,
    message_id text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, kind)
);
