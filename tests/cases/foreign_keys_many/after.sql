CREATE TABLE app.seen (what text);
DO $$ BEGIN
  DELETE FROM app.t WHERE id = 30;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.t WHERE id = 61;
DELETE FROM app.to_3 WHERE id = 70;
DO $$ BEGIN
  DELETE FROM app.to_2 WHERE id = 50;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
