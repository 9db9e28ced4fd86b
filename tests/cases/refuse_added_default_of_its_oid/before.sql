-- table: app.t
-- After the swap the default would mean the old table, and keep it from being dropped.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 100) AS i;
