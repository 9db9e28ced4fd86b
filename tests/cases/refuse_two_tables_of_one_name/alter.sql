ALTER TABLE orders DROP COLUMN note;
ALTER TABLE app.orders ADD COLUMN moved_at timestamptz;
