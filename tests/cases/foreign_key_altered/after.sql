BEGIN;
INSERT INTO app.orders (id, customer) VALUES (5000, 500);
INSERT INTO app.customers VALUES (500, 'late');
COMMIT;
