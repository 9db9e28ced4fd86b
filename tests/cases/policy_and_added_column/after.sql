CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_reader, app_writer;
SET ROLE app_reader;
INSERT INTO app.seen SELECT current_user || ' ' || count(*) || ' ' || sum(amount) FROM app.orders;
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 1);
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
SET ROLE app_writer;
INSERT INTO app.seen SELECT current_user || ' ' || count(*) || ' ' || sum(amount) FROM app.orders;
INSERT INTO app.orders (id, customer) VALUES (5000, 5);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer, note) VALUES (5001, 5, 'x');
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
RESET ROLE;
