-- table: app.t
-- ANALYZE fails for them, which is no reason to fail.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, a integer, f float8);
INSERT INTO app.t SELECT i, i, i FROM generate_series(1, 100) AS i;
INSERT INTO app.t VALUES (0, 0, 'Infinity');
CREATE STATISTICS app.s ON a, (f::integer) FROM app.t;
