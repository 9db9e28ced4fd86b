-- The roles and tablespaces that cases may name. They belong to the whole server: this runs once in it, before the first case.
CREATE ROLE app_owner;
CREATE ROLE app_reader;
CREATE ROLE app_writer;
CREATE ROLE app_daemon LOGIN IN ROLE app_owner;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE "Other space" LOCATION '';
GRANT CREATE ON TABLESPACE "Other space" TO app_owner;
