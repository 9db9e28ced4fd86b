ALTER TABLE app.orders ADD COLUMN extra integer;
COMMENT ON COLUMN app.orders.nothing IS 'nothing';
