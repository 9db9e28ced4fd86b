INSERT INTO app.orders (id, customer) VALUES (5000, 95), (5001, 5);
