ALTER TABLE app.orders ADD COLUMN IF NOT EXISTS customer integer;
ALTER TABLE app.orders ALTER COLUMN customer TYPE bigint;
