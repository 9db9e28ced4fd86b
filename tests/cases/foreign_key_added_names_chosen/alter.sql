ADD FOREIGN KEY (customer) REFERENCES app.customers, ADD FOREIGN KEY (customer) REFERENCES app.customers ON DELETE CASCADE
