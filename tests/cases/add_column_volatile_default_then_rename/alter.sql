ALTER TABLE app.orders ADD COLUMN t app.token, ADD COLUMN n serial;
ALTER TABLE app.orders RENAME COLUMN t TO token;
ALTER TABLE app.orders ALTER COLUMN amount TYPE bigint USING amount + 1;
