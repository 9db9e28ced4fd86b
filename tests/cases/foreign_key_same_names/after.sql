CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO archive.orders VALUES (2000, 1);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.orders (id, customer, archived) VALUES (5001, 1, 101);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
