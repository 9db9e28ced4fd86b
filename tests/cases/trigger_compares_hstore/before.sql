-- table: app.t
CREATE SCHEMA app;
CREATE SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
SET search_path = public, extensions;
CREATE TABLE app.t (id int PRIMARY KEY, attrs extensions.hstore, updates int NOT NULL DEFAULT 0);
INSERT INTO app.t SELECT i, 'a=>1' FROM generate_series(1, 300) i;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updates := OLD.updates + 1; RETURN NEW; END$$;
CREATE TRIGGER touch BEFORE UPDATE ON app.t FOR EACH ROW WHEN (OLD.attrs IS DISTINCT FROM NEW.attrs) EXECUTE FUNCTION app.touch();
CREATE RULE same AS ON UPDATE TO app.t WHERE NEW.attrs IS NOT DISTINCT FROM 'never=>1' DO INSTEAD NOTHING;
RESET search_path;
