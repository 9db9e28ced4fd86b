-- table: app.t
-- versions: 14 16
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE EXTENSION unaccent;
CREATE FUNCTION public.f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT unaccent(''unaccent'', $1)';
CREATE TABLE app.users (id int PRIMARY KEY, name text); CREATE INDEX ON app.users (lower(public.f_unaccent(name)));
CREATE TABLE app.t (id int PRIMARY KEY, author int REFERENCES app.users);
INSERT INTO app.users VALUES (1, 'Élan'); INSERT INTO app.t VALUES (1, 1);
