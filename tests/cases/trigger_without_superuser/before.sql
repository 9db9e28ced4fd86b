-- table: app.t
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
CREATE TABLE app.log (what text);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.log VALUES (TG_NAME || ' ' || current_user); RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT OR UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.note();
CREATE TRIGGER off BEFORE INSERT OR UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.note();
ALTER TABLE app.t DISABLE TRIGGER off;
COMMENT ON TRIGGER off ON app.t IS 'off';
RESET ROLE;
