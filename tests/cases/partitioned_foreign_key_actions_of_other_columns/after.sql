DELETE FROM app.customers WHERE id = 3;
UPDATE app.customers SET id = 44 WHERE id = 4;
DELETE FROM app.tenants WHERE id = 3;
BEGIN;
SET CONSTRAINTS app.t_customer_fkey DEFERRED;
UPDATE app.t SET customer = 55 WHERE id = 1;
INSERT INTO app.customers VALUES (55);
COMMIT;
