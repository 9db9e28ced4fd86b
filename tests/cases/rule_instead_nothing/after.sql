INSERT INTO app.orders (id, customer) VALUES (5000, 1);
UPDATE app.orders SET note = 'no';
DELETE FROM app.orders;
