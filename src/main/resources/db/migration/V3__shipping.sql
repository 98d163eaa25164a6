CREATE SCHEMA IF NOT EXISTS shipping;

-- One shipment an order. Carrier, service level, label and pieces are empty while only the shortage is known.
CREATE TABLE shipping.shipment (
    order_id      uuid        PRIMARY KEY,
    state         text        NOT NULL CHECK (state IN ('prepared', 'held')),
    carrier       text,
    service_level text,
    label         text,
    pieces        integer,
    at            timestamptz NOT NULL DEFAULT now()
);
