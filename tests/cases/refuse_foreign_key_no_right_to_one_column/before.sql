-- table: app.t
-- user: app_daemon
-- Of the two columns that the key refers to, the owner may refer to one.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
CREATE TABLE app.r (a integer, b integer, PRIMARY KEY (a, b));
GRANT REFERENCES (a) ON app.r TO app_owner;
INSERT INTO app.r VALUES (1, 2);
CREATE TABLE app.t (id integer PRIMARY KEY, v integer, x integer, y integer, FOREIGN KEY (x, y) REFERENCES app.r);
INSERT INTO app.t VALUES (1, 1, 1, 2);
ALTER TABLE app.t OWNER TO app_owner;
