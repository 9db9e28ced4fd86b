INSERT INTO app.orders (id, customer) VALUES (5000, 5), (5001, 6);
UPDATE app.orders SET email = 'x' WHERE id = 1;
