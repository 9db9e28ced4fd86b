ADD FOREIGN KEY (customer) REFERENCES app.customers NOT VALID, ADD COLUMN extra integer
