-- What became of each row, while drover.trace.enabled is on: one row for each event in its life. record_key has the values of
-- the key, separated by a comma and a blank. batch is the Idempotency-Key. read_at and happened_at are microseconds since 1970.
CREATE TABLE IF NOT EXISTS drover_trace (
    pipeline    ${name}     NOT NULL,
    record_key  ${name}     NOT NULL,
    outcome     VARCHAR(20) NOT NULL,
    batch       VARCHAR(64),
    destination ${name},
    attempts    INT         NOT NULL,
    status      INT,
    receipt     ${name},
    read_at     BIGINT      NOT NULL,
    happened_at BIGINT      NOT NULL
);

CREATE INDEX IF NOT EXISTS drover_trace_by_key ON drover_trace (pipeline, record_key);
CREATE INDEX IF NOT EXISTS drover_trace_by_time ON drover_trace (happened_at);
