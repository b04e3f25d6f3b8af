-- What an audit compares with the source: for each range of keys that the checkpoint has passed, how many rows were read and
-- what became of them, a digest of their keys that does not depend on their order, and the keys, compressed. place is
-- drover_checkpoint.settled before the first of them. beside is 1 for rows that were read behind the checkpoint.
CREATE TABLE IF NOT EXISTS drover_receipt (
    pipeline      ${name}     NOT NULL,
    place         BIGINT      NOT NULL,
    after_json    ${text},
    last_json     ${text}     NOT NULL,
    beside        INT         NOT NULL,
    rows_read     BIGINT      NOT NULL,
    delivered     BIGINT      NOT NULL,
    filtered      BIGINT      NOT NULL,
    dead_lettered BIGINT      NOT NULL,
    digest        VARCHAR(32) NOT NULL,
    record_keys   ${inline},
    settled_at    BIGINT      NOT NULL,
    PRIMARY KEY (pipeline, place)
);

-- How many rows became dead letters, and how many dead letters a command, a replay or their retention has removed: what is
-- neither stored nor removed is lost. What the last audit said, and when.
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS dead_lettered BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS letters_removed BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS audit_json ${text};
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS audited_at BIGINT;
UPDATE drover_checkpoint SET dead_lettered =
    (SELECT COUNT(*) FROM drover_dead_letter WHERE drover_dead_letter.pipeline = drover_checkpoint.pipeline)
    WHERE dead_lettered = 0;
