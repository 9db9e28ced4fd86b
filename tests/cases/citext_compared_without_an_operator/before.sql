-- table: app.t
CREATE SCHEMA app;
CREATE EXTENSION citext;
CREATE TABLE app.t (id int PRIMARY KEY, email public.citext NOT NULL, extra int);
CREATE TABLE app.o (id int PRIMARY KEY, email public.citext NOT NULL);
CREATE TABLE app.log (id int PRIMARY KEY);
INSERT INTO app.t (id, email) VALUES (1, 'Ann@x.org'), (2, 'bob@x.org');
INSERT INTO app.o VALUES (1, 'ann@x.org');
CREATE VIEW app.joined AS SELECT t.id FROM app.t JOIN app.o USING (email);
CREATE VIEW app.natural_joined AS SELECT a.email FROM (SELECT email FROM app.t) a NATURAL JOIN (SELECT email FROM app.o) b;
CREATE VIEW app.cased AS SELECT id, CASE email WHEN 'ann@x.org' THEN 1 ELSE 0 END AS a, NULLIF(email, 'ANN@X.ORG') AS b FROM app.t;
CREATE MATERIALIZED VIEW app.kept AS SELECT t.id FROM app.t WHERE t.email IS NOT DISTINCT FROM 'ann@X.org';
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO app.log VALUES (NEW.id); RETURN NEW; END$$;
CREATE TRIGGER note AFTER UPDATE ON app.t FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION app.note();
CREATE POLICY own ON app.t USING (email IS NOT DISTINCT FROM current_setting('app.email', true)::public.citext);
CREATE RULE pass AS ON INSERT TO app.t WHERE NEW.email IS NOT DISTINCT FROM 'nobody@x.org' DO INSTEAD NOTHING;
CREATE FUNCTION app.has(public.citext) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t WHERE email IS NOT DISTINCT FROM $1; END;
CREATE POLICY other ON app.o USING (EXISTS (SELECT FROM app.t WHERE t.email IS NOT DISTINCT FROM o.email));
