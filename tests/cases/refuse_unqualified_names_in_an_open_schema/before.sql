-- table: app.t
-- Whoever may create in the schema could put something else there by the name that the function calls.
-- versions: 14 16
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE SCHEMA app;
CREATE FUNCTION public.inner_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION public.outer_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT inner_one($1)';
CREATE TABLE app.t (id int PRIMARY KEY, v int);
CREATE INDEX ON app.t (public.outer_one(v));
INSERT INTO app.t SELECT i, i FROM generate_series(1, 20) AS i;
