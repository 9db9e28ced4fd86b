INSERT INTO app.orders (id, customer, amount) VALUES (5000, 1, 1), (5001, 1, 2);
UPDATE app.orders SET amount = amount + 1 WHERE id < 10;
DELETE FROM app.orders WHERE id > 990;
