INSERT INTO app.orders (id, customer) VALUES (5000, 500);
DELETE FROM app.customers;
