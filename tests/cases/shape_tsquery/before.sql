-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n integer, q tsquery);
INSERT INTO app.t SELECT i, i, 'a & (b | !c)'::tsquery FROM generate_series(1, 100) AS i;
