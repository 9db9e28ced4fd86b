CREATE TABLE app.seen (what text);
UPDATE app.a SET name = 'renamed' WHERE id = 4;
DO $$ BEGIN
  INSERT INTO app.child VALUES (1000, 1000, NULL);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.child VALUES (1000, NULL, 301);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
