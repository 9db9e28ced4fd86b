-- table: app.t
-- user: app_daemon
-- The daemon is no superuser: a member of the table's owner that may create schemas.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, v text UNIQUE);
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
GRANT SELECT ON app.t TO app_reader;
RESET ROLE;
