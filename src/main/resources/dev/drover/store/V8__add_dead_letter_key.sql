-- The exact key of a dead letter, with the types of its values, by which its row is read again. NULL where it is not known.
ALTER TABLE drover_dead_letter ADD COLUMN IF NOT EXISTS cursor_json ${text};
