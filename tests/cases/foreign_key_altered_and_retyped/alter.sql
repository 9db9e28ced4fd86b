ALTER TABLE app.orders ALTER CONSTRAINT orders_customer_fkey NOT DEFERRABLE;
ALTER TABLE app.orders ALTER COLUMN id TYPE bigint;
