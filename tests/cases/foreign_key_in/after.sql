CREATE TABLE app.seen (what text);
INSERT INTO app.lines VALUES (1000, 999, 1);
DO $$ BEGIN
  INSERT INTO app.lines VALUES (1001, 1001, 1);
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  DELETE FROM app.orders WHERE id = 7;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  UPDATE app.orders SET id = -7 WHERE id = 7;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DELETE FROM app.orders WHERE id = 900;
