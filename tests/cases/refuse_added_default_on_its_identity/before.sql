-- table: app.t
-- The new table's identity has a sequence of its own.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO app.t (v) SELECT 'v' FROM generate_series(1, 100);
