CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_reader;
INSERT INTO app.orders (customer, note) VALUES (7, 'new');
UPDATE app.orders SET note = 'changed' WHERE id = 9;
UPDATE app.customers SET id = 1000 WHERE id = 9;
UPDATE app.customers SET last_order = 400 WHERE id = 8;
DELETE FROM app.orders WHERE id = 400;
INSERT INTO app.paid (customer, id) VALUES (3, 6000);
DO $$ BEGIN
  INSERT INTO app.lines VALUES (5000, 400);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  DELETE FROM app.customers WHERE id = 11;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
INSERT INTO app.seen SELECT app.total(5) || ' ' || (SELECT count(*) FROM app.named);
INSERT INTO app.seen SELECT p::text FROM pg_publication_tables p;
SET ROLE app_reader;
INSERT INTO app.seen SELECT count(*) || ' ' || sum(amount) FROM app.orders;
RESET ROLE;
