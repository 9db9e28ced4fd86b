ALTER TABLE app.orders ALTER COLUMN amount TYPE integer;
ALTER TABLE app.orders ALTER COLUMN amount TYPE numeric(10, 2);
