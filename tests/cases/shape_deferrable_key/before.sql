-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v integer);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 300) AS i;
