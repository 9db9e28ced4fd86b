-- table: app.t
CREATE SCHEMA app;
CREATE EXTENSION citext;
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE TABLE app.t (id int PRIMARY KEY, email public.citext, other public.citext);
CREATE UNIQUE INDEX once ON app.t (NULLIF(email, ''));
CREATE INDEX apart ON app.t (id) WHERE email IS DISTINCT FROM other;
