CREATE TABLE app.seen (what text);
DELETE FROM app.a WHERE id IN (5, 25, 45);
UPDATE app.a SET id = id + 1000 WHERE id IN (6, 26, 46);
DO $$ BEGIN
  DELETE FROM app.a WHERE id = 65;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  UPDATE app.a SET id = 1065 WHERE id = 65;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.t WHERE id IN (12, 32, 52);
UPDATE app.t SET id = id + 1000 WHERE id IN (13, 33, 53);
DO $$ BEGIN
  DELETE FROM app.t WHERE id = 72;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  UPDATE app.t SET id = 1072 WHERE id = 72;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
