-- table: app.t
-- An explicit cast to the domain would cut the value off.
CREATE SCHEMA app;
CREATE DOMAIN app.short AS varchar(3);
CREATE DOMAIN app.code AS app.short;
CREATE TABLE app.t (id integer PRIMARY KEY, v text, w integer);
INSERT INTO app.t SELECT i, 'abc', i FROM generate_series(1, 300) AS i;
INSERT INTO app.t VALUES (301, 'abcdef', 0);
