ALTER TABLE app.orders ADD COLUMN IF NOT EXISTS extra integer DEFAULT 7;
ALTER TABLE app.orders ALTER COLUMN extra TYPE bigint;
