-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text, w text);
GRANT SELECT (v), UPDATE (w) ON app.t TO app_writer;
COMMENT ON COLUMN app.t.v IS 'goes';
COMMENT ON COLUMN app.t.w IS 'stays';
INSERT INTO app.t SELECT i, 'v', 'w' FROM generate_series(1, 300) AS i;
