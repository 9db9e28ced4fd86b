ADD COLUMN agent integer REFERENCES app.customers ON DELETE SET NULL, ADD COLUMN parent integer CONSTRAINT parent_of REFERENCES app.orders
