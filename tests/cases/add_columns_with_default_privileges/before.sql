-- table: app.t
-- Natively the sequences are created in the schema of the table.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, kept serial, v text);
ALTER TABLE app.t OWNER TO app_owner;
GRANT USAGE ON SCHEMA app TO app_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA app GRANT USAGE, SELECT ON SEQUENCES TO app_writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON SEQUENCES TO app_reader;
