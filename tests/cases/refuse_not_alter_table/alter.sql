ALTER TABLE app.orders ADD COLUMN extra integer;
CREATE INDEX orders_extra_idx ON app.orders (extra);
