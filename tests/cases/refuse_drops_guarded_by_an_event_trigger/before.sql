-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 100) AS i;
CREATE FUNCTION app.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE object_type = 'table') THEN RAISE 'nothing is dropped here'; END IF;
END $$;
CREATE EVENT TRIGGER guard ON sql_drop EXECUTE FUNCTION app.guard();
