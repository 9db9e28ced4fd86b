-- table: app.t
CREATE SCHEMA app;
CREATE EXTENSION citext;
CREATE TABLE app.t (id int PRIMARY KEY, email public.citext, other public.citext);
INSERT INTO app.t SELECT i, 'e' || i, 'E' || (i + 1) FROM generate_series(1, 100) i;
CREATE UNIQUE INDEX once ON app.t (NULLIF(email, ''));
CREATE INDEX apart ON app.t (id) WHERE email IS DISTINCT FROM other;
ALTER TABLE app.t ADD CONSTRAINT differs CHECK (email IS DISTINCT FROM 'nobody') NOT VALID;
