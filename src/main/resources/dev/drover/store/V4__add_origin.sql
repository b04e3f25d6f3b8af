-- What cursor_json was written for, to notice that it is another one at the next start: the table that has the key, and
-- the database cluster where the key holds transaction numbers. NULL where it is not known or does not matter.
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS source_table ${text};
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS source_cluster VARCHAR(64);
