-- Records of the dead letter topic that the database does not take as letters: where they stand, and why. They stay in
-- their topic; nobody can redrive them.
CREATE TABLE redrive.set_aside (
    dlt_partition int         NOT NULL,
    dlt_offset    bigint      NOT NULL,
    dlt_timestamp bigint      NOT NULL,
    cause         text        NOT NULL,
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dlt_partition, dlt_offset, dlt_timestamp)
);
