-- table: app.t
-- versions: 14 16
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE EXTENSION unaccent;
CREATE FUNCTION public.f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT unaccent(''unaccent'', $1)';
CREATE TABLE app.t (id int PRIMARY KEY, name text); CREATE INDEX ON app.t (lower(public.f_unaccent(name)));
INSERT INTO app.t VALUES (1, 'Élan');
