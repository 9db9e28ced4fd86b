-- table: app.t
-- versions: 14 16
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE FUNCTION public.inner_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION public.outer_one(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT inner_one($1)';
CREATE TABLE app.t (id int PRIMARY KEY, n int);  INSERT INTO app.t VALUES (1,1);
CREATE MATERIALIZED VIEW app.v AS SELECT id, public.outer_one(n) AS o FROM app.t;
