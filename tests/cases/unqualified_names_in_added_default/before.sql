-- table: app.t
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE FUNCTION public.inner_one() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION public.outer_one() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN inner_one(); END';
CREATE TABLE app.t (id int PRIMARY KEY); INSERT INTO app.t VALUES (1);
