-- table: app.t
-- user: app_daemon
-- Whoever made the key could use the other schema; neither the owner nor the daemon's role can.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA other;
CREATE TABLE other.r (id integer PRIMARY KEY);
GRANT REFERENCES ON other.r TO app_owner;
INSERT INTO other.r VALUES (1);
CREATE TABLE app.t (id integer PRIMARY KEY, v integer, r integer REFERENCES other.r);
INSERT INTO app.t VALUES (1, 1, 1);
ALTER TABLE app.t OWNER TO app_owner;
