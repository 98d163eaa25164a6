-- What operators had services do, and by whom: the trail, and what of it still holds.

-- Whoever finds a running one whose lease is over goes on with it.
CREATE TABLE delivery.operation (
    id          uuid        PRIMARY KEY,
    n           bigint      GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL DEFAULT now(),
    who         text        NOT NULL,
    operation   text COLLATE "C" NOT NULL CHECK (operation IN ('pause', 'resume', 'rewind', 'skip', 'allow')),
    service     text COLLATE "C" NOT NULL,
    arguments   jsonb       NOT NULL,
    state       text COLLATE "C" NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    result      text        NOT NULL DEFAULT '',
    ended_at    timestamptz,
    lease_until timestamptz
);

CREATE INDEX operation_running ON delivery.operation (lease_until) WHERE state = 'running';

-- A service stands still as long as it has a row here: its operator's, or that of a rewind or skip which is under way.
CREATE TABLE delivery.paused (
    service text COLLATE "C" NOT NULL,
    cause   text        NOT NULL,
    who     text        NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, cause)
);

-- Causes whose records are parked past the cap.
CREATE TABLE delivery.allowed (
    service     text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    who         text        NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, fingerprint)
);
