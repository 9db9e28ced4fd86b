-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, a integer, double integer GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 300) AS i;
