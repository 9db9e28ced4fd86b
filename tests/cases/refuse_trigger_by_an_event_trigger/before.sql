-- table: app.t
-- The table is younger than the event trigger, and has what it gives.
CREATE SCHEMA app;
CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION app.equip() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' AND schema_name <> 'eidolon' LOOP
    EXECUTE format('CREATE TRIGGER audit BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION app.audit()', made.object_identity);
  END LOOP;
END $$;
CREATE EVENT TRIGGER equip ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION app.equip();
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 100) AS i;
