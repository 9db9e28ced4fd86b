ALTER TABLE app.orders RENAME CONSTRAINT orders_pkey TO orders_primary;
