-- table: app.excluded
-- In INSERT … ON CONFLICT there is another one of that name.
CREATE SCHEMA app;
CREATE TABLE app.excluded (id integer PRIMARY KEY, n integer, t text);
INSERT INTO app.excluded SELECT i, i, 'v' || i FROM generate_series(1, 300) AS i;
