-- table: app.t
-- Default privileges are for tables that someone creates; the reshaped table is not one of them.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
CREATE TABLE app.nobodys (id serial PRIMARY KEY, v text);
ALTER TABLE app.t OWNER TO app_owner;
GRANT USAGE ON SCHEMA app TO app_owner;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT ALL ON TABLES TO app_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT USAGE ON SEQUENCES TO app_writer;
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
