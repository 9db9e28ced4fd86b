ALTER TABLE app.orders ADD COLUMN moved_at timestamptz;
ALTER TABLE orders DROP COLUMN note;
