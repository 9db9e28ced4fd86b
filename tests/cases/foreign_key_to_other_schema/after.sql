CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.orders (id, customer) VALUES (5001, 97);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.orders WHERE id = 7;
