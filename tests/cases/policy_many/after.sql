CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_reader, app_writer;
SET ROLE app_reader;
INSERT INTO app.seen SELECT count(*) || ' ' || min(customer) || ' ' || max(customer) FROM app.orders;
INSERT INTO app.orders (id, customer) VALUES (5000, 5);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer, state) VALUES (5001, 5, 'sent');
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 8);
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
UPDATE app.orders SET note = 'mine';
SET ROLE app_writer;
DELETE FROM app.orders;
INSERT INTO app.seen SELECT count(*)::text FROM app.orders;
