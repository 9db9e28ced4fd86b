ALTER TABLE app.orders ADD COLUMN extra integer;
ALTER TABLE app.other ADD COLUMN extra integer;
