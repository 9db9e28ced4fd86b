ALTER TABLE app.orders RENAME COLUMN number TO n2;
ALTER TABLE app.orders DROP COLUMN n2;
ALTER TABLE app.orders ADD COLUMN number serial;
