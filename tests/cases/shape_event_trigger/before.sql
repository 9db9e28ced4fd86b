-- table: app.t
-- The application's own event triggers fire for what the daemon creates and drops.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
CREATE FUNCTION app.look() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM pg_event_trigger_ddl_commands(); END $$;
CREATE EVENT TRIGGER look ON ddl_command_end EXECUTE FUNCTION app.look();
CREATE FUNCTION app.look_at_drops() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM pg_event_trigger_dropped_objects(); END $$;
CREATE EVENT TRIGGER look_at_drops ON sql_drop EXECUTE FUNCTION app.look_at_drops();
