-- Where a parked record waits: its lane, which is a hash of its delivery route and its address, and there its batch, counted
-- from 1. NULL for a dead letter; the lane is empty once the record is delivered, until the checkpoint has passed it. Until
-- then it is only as durable as the page: the next owner reads it again. parked_place is its place among all records of
-- the pipeline, parked_run the run of the checkpoint.
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS parked_lane VARCHAR(64);
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS parked_batch BIGINT;
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS parked_place BIGINT;
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS parked_run BIGINT;

CREATE INDEX IF NOT EXISTS drover_dead_letter_parked ON drover_dead_letter (pipeline, parked_lane, parked_batch);
