CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_writer;
SET ROLE app_writer;
INSERT INTO app.seen SELECT 'paid ' || count(*) FROM app.paid;
DO $$ BEGIN
  PERFORM FROM app.orders;
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
