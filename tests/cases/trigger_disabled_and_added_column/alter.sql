ALTER TABLE app.orders DISABLE TRIGGER note;
ALTER TABLE app.orders ADD COLUMN extra integer;
