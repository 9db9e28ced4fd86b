ALTER TABLE app.orders ADD COLUMN extra text;
ALTER TABLE app.orders ALTER COLUMN extra TYPE integer USING id * 2;
ALTER TABLE app.orders ALTER COLUMN extra TYPE bigint USING extra + 1;
