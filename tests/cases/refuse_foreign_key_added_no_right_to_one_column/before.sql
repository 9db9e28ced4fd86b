-- table: app.t
-- user: app_daemon
-- Of the two columns that the key shall refer to, the owner may refer to one.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
CREATE TABLE app.r (a integer, b integer, PRIMARY KEY (a, b));
GRANT SELECT, REFERENCES (a) ON app.r TO app_owner;
INSERT INTO app.r VALUES (1, 2);
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, x integer, y integer);
INSERT INTO app.t VALUES (1, 1, 2);
