ALTER TABLE app.orders RENAME COLUMN customer TO x;
ALTER TABLE app.orders RENAME COLUMN agent TO customer;
ALTER TABLE app.orders RENAME COLUMN x TO agent;
ALTER TABLE app.orders ALTER COLUMN id TYPE bigint;
