ALTER TABLE app.orders
  ALTER COLUMN x SET DEFAULT 7,
  ADD COLUMN x integer, -- no row has a value
  ADD COLUMN y integer NOT NULL DEFAULT 5, ALTER COLUMN y SET DEFAULT 6,
  ALTER COLUMN customer TYPE bigint;
