-- table: app.t
-- user: app_daemon
-- FORCE hides every row from the owner, under whose name the copy runs, and the daemon may not see them either.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon, app_owner;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
ALTER TABLE app.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
