-- Which replay sends a dead letter now, and until when by the clock of the store, in milliseconds since 1970, unless it
-- renews that: no other replay sends it meanwhile. NULL while none does.
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS replayed_by VARCHAR(36);
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS replayed_until BIGINT;
