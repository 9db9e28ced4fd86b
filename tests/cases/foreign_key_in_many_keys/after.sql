CREATE TABLE app.seen (what text);
UPDATE app.t SET code = 'new' WHERE id = 7;
DO $$ BEGIN
  INSERT INTO app.by_pair VALUES (100, 7, 3);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  DELETE FROM app.t WHERE id = 8;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
