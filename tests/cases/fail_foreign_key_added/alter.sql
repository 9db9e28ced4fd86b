ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES app.customers
