-- table: app._m
-- The names of their types and array types are each other's, but all of them go in the same swap.
CREATE SCHEMA app;
CREATE TABLE app._m (id integer PRIMARY KEY, n integer);
INSERT INTO app._m SELECT i, i FROM generate_series(1, 100) i;
CREATE MATERIALIZED VIEW app.m AS SELECT id FROM app._m;
CREATE MATERIALIZED VIEW app.k AS SELECT id FROM app._m;
CREATE MATERIALIZED VIEW app._k AS SELECT id FROM app._m;
