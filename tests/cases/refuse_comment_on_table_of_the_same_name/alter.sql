ALTER TABLE app.orders ADD COLUMN moved_at timestamptz;
COMMENT ON COLUMN orders.note IS 'of public.orders';
