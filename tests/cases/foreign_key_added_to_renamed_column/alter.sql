ALTER TABLE app.orders RENAME customer TO buyer;
ALTER TABLE app.orders ADD FOREIGN KEY (buyer) REFERENCES app.customers;
