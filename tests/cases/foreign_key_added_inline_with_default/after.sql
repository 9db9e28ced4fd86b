CREATE TABLE app.seen (what text);
DO $$ BEGIN
  DELETE FROM app.customers WHERE id = 7;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
