-- table: app.t
-- The function was replaced after the rows had been checked by it. A native ALTER TABLE would not look at them.
CREATE SCHEMA app;
CREATE FUNCTION app.fits(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n < 1000';
CREATE TABLE app.t (id integer PRIMARY KEY, v integer CHECK (app.fits(v)), w integer);
INSERT INTO app.t SELECT i, i, i FROM generate_series(1, 300) AS i;
CREATE OR REPLACE FUNCTION app.fits(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n < 300';
