-- What the running owner of each pipeline last said of it, for a command beside it. Nothing depends on it: it may be
-- late or missing. epoch is the owner that said it, an earlier one does not overwrite a later one.
CREATE TABLE IF NOT EXISTS drover_status (
    pipeline    ${name}      NOT NULL PRIMARY KEY,
    epoch       BIGINT       NOT NULL,
    status_json ${text}      NOT NULL,
    updated_at  ${timestamp} NOT NULL
);
