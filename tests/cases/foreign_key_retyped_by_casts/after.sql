CREATE TABLE app.seen (what text);
DO $$ BEGIN
  INSERT INTO app.comments VALUES (101, 'TAG1');
  RAISE 'not rejected';
EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
