COMMENT ON TABLE app.orders IS 'orders';
