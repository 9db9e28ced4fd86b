CREATE TABLE app.seen (what text);
UPDATE app.orders SET agent = 5, parent = 1 WHERE id = 10;
DELETE FROM app.customers WHERE id = 5;
DO $$ BEGIN
  DELETE FROM app.orders WHERE id = 1;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  UPDATE app.orders SET agent = 500 WHERE id = 11;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
