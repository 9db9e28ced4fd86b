ALTER TABLE app.orders ADD COLUMN shop integer DEFAULT 3, ADD CONSTRAINT sold CHECK (shop > 0);
COMMENT ON TABLE app.orders IS 'all';
COMMENT ON COLUMN app.orders.shop IS 'where';
COMMENT ON CONSTRAINT sold ON app.orders IS 'anywhere';
COMMENT ON CONSTRAINT orders_pkey ON app.orders IS 'key';
