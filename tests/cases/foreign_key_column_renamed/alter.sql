ALTER TABLE app.orders RENAME COLUMN customer TO "Buyer";
ALTER TABLE app.orders RENAME COLUMN id TO "order";
ALTER TABLE app.orders ALTER COLUMN "order" TYPE bigint;
