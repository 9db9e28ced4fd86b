INSERT INTO app.orders (id, customer) VALUES (5000, 1);
UPDATE app.orders SET note = 'changed' WHERE id = 5000;
DELETE FROM app.orders WHERE id = 7;
UPDATE app.orders SET id = id WHERE id = 9;
UPDATE app.orders SET extra = 1 WHERE id = 10;
INSERT INTO app.orders (id, customer, amount, note) VALUES (5001, 1, 101, '');
UPDATE app.orders SET note = 'none' WHERE false;
