CREATE TABLE app.seen (what text);
DELETE FROM app.t WHERE id = 250;
UPDATE app.t SET region = 'elsewhere' WHERE id = 10;
DO $$ BEGIN
  INSERT INTO app.t VALUES ('r0', 1000, 'r0', 2000);
  SET CONSTRAINTS ALL IMMEDIATE;
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
