ALTER TABLE app.orders RENAME COLUMN email TO mail;
ALTER TABLE app.orders ADD COLUMN extra integer DEFAULT 1;
