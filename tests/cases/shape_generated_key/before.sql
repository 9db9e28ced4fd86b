-- table: app.t
-- A key that PostgreSQL computes, in part.
CREATE SCHEMA app;
CREATE TABLE app.t (a integer NOT NULL, k bigint GENERATED ALWAYS AS (a * 10) STORED, v text, PRIMARY KEY (k, a));
INSERT INTO app.t (a, v) SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
