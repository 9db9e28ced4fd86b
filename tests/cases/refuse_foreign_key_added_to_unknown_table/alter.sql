ADD FOREIGN KEY (customer) REFERENCES app.nope
