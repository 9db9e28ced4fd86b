CREATE TABLE app.seen (what text);
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO app.lines VALUES (1000, 5000, 1);
INSERT INTO app.orders (id, customer) VALUES (5000, 500);
INSERT INTO app.customers VALUES (500, 'late');
COMMIT;
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 501);
  SET CONSTRAINTS ALL IMMEDIATE;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
