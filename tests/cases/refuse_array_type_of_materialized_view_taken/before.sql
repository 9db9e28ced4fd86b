-- table: app.t
-- The type that the array type of the new m would meet in the schema; the one of the old m gave way to it.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t VALUES (1);
CREATE TYPE app._m AS (x integer);
CREATE MATERIALIZED VIEW app.m AS SELECT id FROM app.t;
