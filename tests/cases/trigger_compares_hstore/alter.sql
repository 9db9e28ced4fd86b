ALTER TABLE app.t ADD COLUMN extra int, ALTER COLUMN id TYPE bigint;
