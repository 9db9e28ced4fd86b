ADD COLUMN position bigserial
