ALTER TABLE app.t ALTER COLUMN extra TYPE bigint;
