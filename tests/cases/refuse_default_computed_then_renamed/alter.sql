ALTER TABLE app.orders ADD COLUMN t app.token;
ALTER TABLE app.orders RENAME COLUMN t TO token;
