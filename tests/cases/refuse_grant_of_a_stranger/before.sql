-- table: app.t
-- user: app_daemon
-- What app_reader granted, only app_reader can grant again.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA app TO app_reader;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY);
GRANT SELECT ON app.t TO app_reader WITH GRANT OPTION;
SET ROLE app_reader;
GRANT SELECT ON app.t TO app_writer;
RESET ROLE;
