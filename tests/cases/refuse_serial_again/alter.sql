ALTER TABLE app.orders DROP COLUMN number, ADD COLUMN number serial;
