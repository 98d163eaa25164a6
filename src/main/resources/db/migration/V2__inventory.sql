-- Inventory: what is in stock, and what each order keeps of it.

CREATE SCHEMA IF NOT EXISTS inventory;

-- The same few rows are updated by every batch: half-empty pages keep those updates on their page (HOT), and
-- vacuum comes after a few hundred dead rows, however large the table is. Collation C pages by sku in byte order.
CREATE TABLE inventory.stock (
    sku      text COLLATE "C" PRIMARY KEY CHECK (sku ~ '^[A-Za-z0-9._-]{1,40}$'),
    on_hand  bigint NOT NULL,
    reserved bigint NOT NULL DEFAULT 0,
    CONSTRAINT never_negative CHECK (reserved BETWEEN 0 AND on_hand)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE inventory.reservation (
    order_id uuid PRIMARY KEY,
    state    text NOT NULL CHECK (state IN ('reserved', 'short')),
    lines    jsonb NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
);
