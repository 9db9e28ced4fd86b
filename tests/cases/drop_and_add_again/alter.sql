ALTER TABLE app.orders DROP COLUMN note;
ALTER TABLE app.orders ADD COLUMN note integer DEFAULT 3;
