-- table: app.t
-- versions: 14 16
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE FUNCTION public.inner_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION public.outer_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT inner_one($1)';
CREATE TABLE app.t (id int PRIMARY KEY, n int, attrs extensions.hstore);
INSERT INTO app.t VALUES (1, 1, 'a=>1');
CREATE MATERIALIZED VIEW app.v AS SELECT id, public.outer_one(n) AS o FROM app.t;
CREATE VIEW app.reads_v AS SELECT v.id FROM app.v;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
SET search_path = extensions;
CREATE TRIGGER touch BEFORE UPDATE ON app.t FOR EACH ROW WHEN (OLD.attrs IS DISTINCT FROM NEW.attrs) EXECUTE FUNCTION app.touch();
RESET search_path;
