-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t SELECT i FROM generate_series(1, 300) AS i;
