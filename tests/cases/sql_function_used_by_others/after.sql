CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT c::text FROM app.strangers;
INSERT INTO app.calls VALUES (6);
DO $$ BEGIN
  INSERT INTO app.calls VALUES (200);
  RAISE 'not rejected';
EXCEPTION WHEN check_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
INSERT INTO app.seen SELECT count(*)::text FROM app.familiar;
