-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, v text);
INSERT INTO app.t (id, v) SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
