-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
GRANT SELECT (id, v, xmin) ON app.t TO app_reader;
GRANT SELECT (ctid, tableoid), UPDATE (v) ON app.t TO app_writer WITH GRANT OPTION;
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
