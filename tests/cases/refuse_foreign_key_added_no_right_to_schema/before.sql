-- table: app.t
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA other;
CREATE TABLE other.r (id integer PRIMARY KEY);
GRANT REFERENCES ON other.r TO app_owner;
INSERT INTO other.r VALUES (1);
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, r integer);
INSERT INTO app.t VALUES (1, 1);
