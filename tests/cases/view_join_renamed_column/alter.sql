ALTER TABLE app.orders RENAME COLUMN customer TO name;
ALTER TABLE app.orders RENAME COLUMN id TO "Id";
