-- Every statement may run twice: H2 and MariaDB commit each by itself, so a process that is killed between two of them,
-- or that starts beside another one, must find nothing in its way.

-- Where each pipeline is: up to cursor_json every record is settled. NULL while nothing is.
-- settled counts the records ever passed and only grows; epoch is the number of the owner that may write.
CREATE TABLE IF NOT EXISTS drover_checkpoint (
    pipeline    ${name}      NOT NULL PRIMARY KEY,
    cursor_json ${text},
    settled     BIGINT       NOT NULL,
    epoch       BIGINT       NOT NULL,
    updated_at  ${timestamp} NOT NULL
);

-- Records set aside after their delivery was refused, with the reason.
CREATE TABLE IF NOT EXISTS drover_dead_letter (
    id          VARCHAR(64)   NOT NULL PRIMARY KEY,
    pipeline    ${name}       NOT NULL,
    destination VARCHAR(500),
    record_key  VARCHAR(1000) NOT NULL,
    reason      VARCHAR(2000) NOT NULL,
    status      INT,
    payload     ${text},
    created_at  ${timestamp}  DEFAULT CURRENT_TIMESTAMP(6) NOT NULL
);

CREATE INDEX IF NOT EXISTS drover_dead_letter_by_time ON drover_dead_letter (pipeline, created_at);
