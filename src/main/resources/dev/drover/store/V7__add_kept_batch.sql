-- Batches that may have been sent, as they were, until the checkpoint has passed all their records: after a crash they are
-- sent again verbatim. record_keys has the key of one record in each line. last_record is the place of the last of them
-- among all that the pipeline ever reads: the checkpoint has passed them when drover_checkpoint.settled is as high.
CREATE TABLE IF NOT EXISTS drover_kept_batch (
    pipeline         ${name}      NOT NULL,
    route            ${name}      NOT NULL,
    id               VARCHAR(64)  NOT NULL,
    record_keys      ${text}      NOT NULL,
    last_record      BIGINT       NOT NULL,
    content_type     VARCHAR(500),
    content_encoding VARCHAR(100),
    body             ${bytes}     NOT NULL,
    created_at       ${timestamp} DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
    PRIMARY KEY (pipeline, route, id)
);

CREATE INDEX IF NOT EXISTS drover_kept_batch_by_place ON drover_kept_batch (pipeline, last_record);
