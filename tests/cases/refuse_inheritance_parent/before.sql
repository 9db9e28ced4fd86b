-- table: app.parent
CREATE SCHEMA app;
CREATE TABLE app.parent (id integer PRIMARY KEY, v integer);
CREATE TABLE app.child (extra text, PRIMARY KEY (id)) INHERITS (app.parent);
INSERT INTO app.parent SELECT i, i FROM generate_series(1, 50) AS i;
