ALTER COLUMN v TYPE bigint, ADD FOREIGN KEY (customer) REFERENCES app.customers
