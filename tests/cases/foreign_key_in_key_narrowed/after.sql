CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.lines VALUES (1000, 3);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.orders WHERE code = 20;
