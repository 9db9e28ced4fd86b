-- table: app.t
-- user: app_daemon
-- Who may create in a schema, but not use it, cannot replace what is there.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA reports;
GRANT CREATE ON SCHEMA reports TO app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 100) AS i;
RESET ROLE;
CREATE VIEW reports.v AS SELECT id FROM app.t;
ALTER VIEW reports.v OWNER TO app_owner;
