INSERT INTO app.orders (id, customer) VALUES (5000, 1);
UPDATE app.orders SET note = 'changed' WHERE id = 5000;
DELETE FROM app.orders WHERE id = 7;
