-- Status: what became of each order, put together from events that may come in any order.

CREATE SCHEMA IF NOT EXISTS status;

-- facts has a bit for each event (dev.orderflow.status.Fact), so that adding one is the same in any order, and twice
-- is once. placed_at, customer_id and body come with order-placed, which may be the last to arrive; until then the
-- order is not shown. body is json and not jsonb, since jsonb refuses a string that holds \u0000.
CREATE TABLE status.orders (
    order_id    uuid PRIMARY KEY,
    customer_id text COLLATE "C",
    placed_at   timestamptz,
    facts       int NOT NULL,
    status      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN facts & (4 | 16 | 64) <> 0 THEN 'on-hold'
            WHEN facts & (2 | 8 | 32) = (2 | 8 | 32) THEN 'completed'
            WHEN facts & (2 | 8 | 32) <> 0 THEN 'in-progress'
            ELSE 'accepted'
        END) STORED,
    changed     int NOT NULL GENERATED ALWAYS AS (bit_count(facts::bit(32))) STORED,
    body        json
) WITH (fillfactor = 70);

CREATE TABLE status.timeline (
    order_id uuid NOT NULL,
    event    text COLLATE "C" NOT NULL,
    service  text NOT NULL,
    at       timestamptz NOT NULL,
    detail   json NOT NULL,
    PRIMARY KEY (order_id, event)
);

-- A page without a status is read as one short scan for each of the four, and merged: so these two serve every filter.
CREATE INDEX orders_by_status ON status.orders (status, placed_at DESC, order_id DESC) WHERE placed_at IS NOT NULL;
CREATE INDEX orders_by_customer ON status.orders (customer_id, status, placed_at DESC, order_id DESC)
    WHERE placed_at IS NOT NULL;
