-- Offsets that a service's group passed, or went back to, and that its own work does not explain: what retention took,
-- what somebody else committed, what an operator skipped. One is open until an operator has looked at it.
CREATE TABLE delivery.gap (
    service          text COLLATE "C" NOT NULL,
    topic            text        NOT NULL,
    record_partition int         NOT NULL,
    from_offset      bigint      NOT NULL,
    to_offset        bigint      NOT NULL,
    kind             text COLLATE "C" NOT NULL CHECK (kind IN ('gone', 'went-back', 'foreign-commit', 'skipped')),
    at               timestamptz NOT NULL DEFAULT now(),
    closed_at        timestamptz,
    closed_by        text,
    PRIMARY KEY (service, topic, record_partition, from_offset, to_offset, kind)
);

-- Where each group stood when a commit with our mark was seen last: one without it, elsewhere, is somebody else's.
CREATE TABLE delivery.marked (
    service          text COLLATE "C" NOT NULL,
    topic            text        NOT NULL,
    record_partition int         NOT NULL,
    next_offset      bigint      NOT NULL,
    PRIMARY KEY (service, topic, record_partition)
);
