-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
ALTER TABLE app.t OWNER TO app_owner;
GRANT USAGE ON SCHEMA app TO app_owner;
REVOKE ALL ON app.t FROM app_owner;
GRANT SELECT ON app.t TO app_owner;
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
