-- table: app.t
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE FUNCTION public.inner_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION public.outer_one(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN inner_one($1); END';
CREATE TABLE app.t (id int PRIMARY KEY, n int CHECK (public.outer_one(n) > 0), g int GENERATED ALWAYS AS (public.outer_one(n)) STORED);
INSERT INTO app.t VALUES (1,1);
