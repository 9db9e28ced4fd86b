-- table: app.t
-- An explicit cast to an array of the domain would cut the value off.
CREATE SCHEMA app;
CREATE DOMAIN app.code AS bit varying(3);
CREATE TABLE app.t (id integer PRIMARY KEY, v bit varying[], w integer);
INSERT INTO app.t SELECT i, ARRAY[B'101', NULL, B'1']::bit varying[], i FROM generate_series(1, 300) AS i;
INSERT INTO app.t VALUES (301, ARRAY[B'1', B'101010']::bit varying[], 0);
