-- How often the checkpoint was set or reset by hand. It is part of each batch's identity and of each dead letter's: records
-- that are sent again on purpose are not taken for those of before.
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS run BIGINT DEFAULT 0 NOT NULL;
