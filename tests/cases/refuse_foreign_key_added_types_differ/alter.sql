ADD FOREIGN KEY (customer) REFERENCES app.customers
