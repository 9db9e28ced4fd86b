-- table: app.t
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY);
ALTER TABLE app.t OWNER TO app_owner;
GRANT USAGE ON SCHEMA app TO app_owner;
