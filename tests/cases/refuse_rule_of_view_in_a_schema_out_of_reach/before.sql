-- table: app.t
-- user: app_daemon
-- The view is locked by ALTER VIEW … SET SCHEMA, which asks for the right to create something there.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA reports;
GRANT USAGE ON SCHEMA reports TO app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 100) AS i;
RESET ROLE;
CREATE VIEW reports.inbox AS SELECT 1 AS id;
CREATE RULE arrive AS ON INSERT TO reports.inbox DO INSTEAD INSERT INTO app.t VALUES (new.id);
ALTER VIEW reports.inbox OWNER TO app_owner;
