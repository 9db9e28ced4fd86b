ALTER TABLE app.orders ALTER COLUMN placed TYPE timestamptz USING coalesce(placed, now());
