-- table: app.t
-- A value whose fields are all NULL is a value.
CREATE SCHEMA app;
CREATE TYPE app.place AS (x integer, y integer);
CREATE TABLE app.t (k app.place PRIMARY KEY, v integer);
INSERT INTO app.t VALUES (ROW(NULL, NULL), 1), (ROW(1, NULL), 2), (ROW(1, 2), 3);
