CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 96);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.lines VALUES (1001, 100000, 1);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
