ADD FOREIGN KEY (parent) REFERENCES app.orders
