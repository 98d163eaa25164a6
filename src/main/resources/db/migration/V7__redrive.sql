-- Redrive: every dead letter of orders-dlt, what was done with it, and the jobs that bring letters home.

CREATE SCHEMA IF NOT EXISTS redrive;

-- id is a digest of orderflow_id, so that it fits a path. body is what was parked first; corrected, where a person gave
-- one, is what goes back instead. sent is the attempt of the last append; lease_until is set from the claim until that
-- append is acknowledged, and whoever finds it over appends again.
CREATE TABLE redrive.dead_letter (
    id               text COLLATE "C" PRIMARY KEY,
    orderflow_id     text        NOT NULL UNIQUE,
    service          text COLLATE "C" NOT NULL,
    fingerprint      text COLLATE "C" NOT NULL,
    topic            text        NOT NULL,
    record_partition int         NOT NULL,
    record_offset    bigint      NOT NULL,
    dlt_partition    int         NOT NULL,
    dlt_offset       bigint      NOT NULL,
    key              bytea,
    headers          jsonb       NOT NULL,
    body             bytea,
    corrected        bytea,
    order_id         uuid,
    event            text,
    exception        text        NOT NULL,
    message          text        NOT NULL,
    attempt          smallint    NOT NULL,
    sent             smallint    NOT NULL DEFAULT 0,
    state            text COLLATE "C" NOT NULL CHECK (state IN ('parked', 'redriven', 'quarantined', 'home')),
    job              uuid,
    lease_until      timestamptz,
    first_parked_at  timestamptz NOT NULL,
    parked_at        timestamptz NOT NULL,
    changed_at       timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX dead_letter_by_time ON redrive.dead_letter (parked_at DESC, id DESC);
CREATE INDEX dead_letter_by_cause ON redrive.dead_letter (service, fingerprint, parked_at DESC, id DESC);
CREATE INDEX dead_letter_on_its_way ON redrive.dead_letter (lease_until) WHERE state = 'redriven';
CREATE INDEX dead_letter_home ON redrive.dead_letter (changed_at) WHERE state = 'home';

-- The audit trail: who did what with which letter, when, and what came of it.
CREATE TABLE redrive.history (
    n       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    letter  text COLLATE "C" NOT NULL REFERENCES redrive.dead_letter ON DELETE CASCADE,
    at      timestamptz NOT NULL DEFAULT now(),
    who     text        NOT NULL,
    what    text        NOT NULL CHECK (what IN ('parked', 'redriven', 'quarantined', 'home')),
    attempt smallint    NOT NULL,
    job     uuid,
    detail  text        NOT NULL DEFAULT ''
);

CREATE INDEX history_of_letter ON redrive.history (letter, n);

-- A redrive that runs in the background. owner is the process that works at it, as long as lease_until says.
CREATE TABLE redrive.job (
    id          uuid        PRIMARY KEY,
    who         text        NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    rate        int         NOT NULL,
    override    boolean     NOT NULL,
    corrected   bytea,
    state       text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
    owner       uuid,
    lease_until timestamptz,
    ended_at    timestamptz
);

CREATE INDEX job_running ON redrive.job (at) WHERE state = 'running';

-- tries is what the letter stood at when the job was made: a letter that moved since then is passed over.
CREATE TABLE redrive.job_item (
    job    uuid     NOT NULL REFERENCES redrive.job ON DELETE CASCADE,
    n      int      NOT NULL,
    letter text COLLATE "C" NOT NULL REFERENCES redrive.dead_letter ON DELETE CASCADE,
    tries  smallint NOT NULL,
    state  text     NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'appended', 'passed')),
    PRIMARY KEY (job, n)
);

CREATE INDEX job_item_of_letter ON redrive.job_item (letter);
CREATE INDEX job_item_waiting ON redrive.job_item (job, n) WHERE state = 'waiting';
