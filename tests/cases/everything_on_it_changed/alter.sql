ALTER TABLE app.orders DROP CONSTRAINT orders_customer_fkey, ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES app.customers ON UPDATE CASCADE NOT VALID,
  ENABLE TRIGGER off, DISABLE TRIGGER late, DISABLE RULE remember, ADD COLUMN agent integer REFERENCES app.customers, DROP COLUMN payload;
ALTER TABLE app.orders VALIDATE CONSTRAINT orders_customer_fkey;
