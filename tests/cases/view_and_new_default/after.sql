INSERT INTO app.paid (id, customer) VALUES (5000, 1);
UPDATE app.orders SET state = 'paid' WHERE id = 5000;
