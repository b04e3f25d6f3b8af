-- Who may advance a pipeline: leased_by, for people, until leased_until, unless he renews it. That is in milliseconds
-- since 1970 by the clock of the store itself, because no time zone and no change to summer time moves such a number.
-- NULL while nobody owns the pipeline.
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS leased_by ${name};
ALTER TABLE drover_checkpoint ADD COLUMN IF NOT EXISTS leased_until BIGINT;
