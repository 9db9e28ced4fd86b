CREATE TABLE app.seen (what text);
INSERT INTO app.orders (id, customer) VALUES (5000, 96);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 97);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  UPDATE app.orders SET customer = -1 WHERE id = 5;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  DELETE FROM app.customers WHERE id = 3;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
