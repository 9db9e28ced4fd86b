INSERT INTO app.orders (id, customer) VALUES (5000, 1);
UPDATE app.orders SET note = 'changed' WHERE id = 5000;
DELETE FROM app.orders WHERE id = 7;
SET session_replication_role = replica;
DELETE FROM app.orders WHERE id = 8;
RESET session_replication_role;
