CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.t VALUES ('new', 1000, 'r1', NULL);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.child VALUES (101, NULL, 5);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.a WHERE id = 7;
UPDATE app.t SET region = 'moved' WHERE id = 9;
