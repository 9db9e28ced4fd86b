INSERT INTO app.orders (id, customer) VALUES (5000, 1);
