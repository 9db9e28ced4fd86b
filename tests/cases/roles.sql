-- The roles that cases may name. Roles belong to the whole server: this runs once in it, before the first case.
CREATE ROLE app_owner;
CREATE ROLE app_reader;
CREATE ROLE app_writer;
CREATE ROLE app_daemon LOGIN IN ROLE app_owner;
