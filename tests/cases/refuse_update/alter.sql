ALTER TABLE app.orders ADD COLUMN extra integer; UPDATE app.orders SET extra = 1;
