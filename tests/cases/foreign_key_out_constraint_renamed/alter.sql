ALTER TABLE app.orders RENAME CONSTRAINT orders_customer_fkey TO "whose order";
ALTER TABLE app.orders ADD COLUMN extra integer;
