CREATE TABLE app.seen (what text);
GRANT INSERT ON app.seen TO app_reader;
DO $$ BEGIN
  INSERT INTO app.local VALUES (5000, 1, 600);
  RAISE 'not rejected';
EXCEPTION WHEN with_check_option_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.cascaded VALUES (5000, 1, 600);
  RAISE 'not rejected';
EXCEPTION WHEN with_check_option_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
DO $$ BEGIN
  INSERT INTO app.cascaded VALUES (5000, 60, 1);
  RAISE 'not rejected';
EXCEPTION WHEN with_check_option_violation THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
INSERT INTO app.cascaded VALUES (5000, 1, 1);
SET ROLE app_reader;
INSERT INTO app.seen SELECT 'barrier ' || count(*) FROM app.barrier;
DO $$ BEGIN
  PERFORM FROM app.invoker;
  RAISE 'not rejected';
EXCEPTION WHEN insufficient_privilege THEN INSERT INTO app.seen VALUES (SQLERRM);
END $$;
