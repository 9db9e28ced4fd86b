-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY, v text);
INSERT INTO app.t (v) SELECT 'v' FROM generate_series(1, 100);
CREATE VIEW app.w AS SELECT id, v FROM app.t;
CREATE VIEW app.last AS SELECT last_value, (SELECT count(*) FROM app.t) AS n FROM app.t_id_seq;
CREATE RULE put AS ON INSERT TO app.w DO INSTEAD INSERT INTO app.t VALUES (coalesce(NEW.id, nextval('app.t_id_seq'::regclass)), NEW.v);
CREATE TABLE app.u (id integer CHECK (id::oid <> 'app.t_id_seq'::regclass), v text);
CREATE POLICY drawn ON app.u USING (id <= currval('app.t_id_seq') AND EXISTS (SELECT FROM app.t));
CREATE POLICY own ON app.t USING (id <= (SELECT last_value FROM app.t_id_seq));
CREATE FUNCTION app.next(n bigint DEFAULT nextval('app.t_id_seq')) RETURNS bigint LANGUAGE sql RETURN n + nextval('app.t_id_seq');
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touch BEFORE INSERT ON app.t FOR EACH ROW WHEN (new.id::oid <> 'app.t_id_seq'::regclass) EXECUTE FUNCTION app.touch();
ALTER TABLE app.t ADD CONSTRAINT later CHECK (id::oid <> 'app.t_id_seq'::regclass) NOT VALID;
