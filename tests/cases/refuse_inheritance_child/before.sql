-- table: app.child
CREATE SCHEMA app;
CREATE TABLE app.parent (id integer PRIMARY KEY, v integer);
CREATE TABLE app.child (extra text, PRIMARY KEY (id)) INHERITS (app.parent);
INSERT INTO app.child SELECT i, i, 'x' FROM generate_series(1, 50) AS i;
