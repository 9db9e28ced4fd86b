-- Each USING sees the row as it was before the statement, whatever else the statement changes.
ALTER TABLE app.orders ALTER COLUMN customer TYPE text USING 'K' || customer || '/' || id,
  ALTER COLUMN note TYPE integer USING customer + length(note),
  ALTER COLUMN id TYPE bigint;
