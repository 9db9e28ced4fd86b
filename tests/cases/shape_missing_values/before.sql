-- table: app.t
-- The columns were added with defaults that are not stored in the rows.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t SELECT i FROM generate_series(1, 300) AS i;
ALTER TABLE app.t ADD COLUMN a integer DEFAULT 5, ADD COLUMN b text NOT NULL DEFAULT 'five', ADD COLUMN c text[] DEFAULT '{a,NULL,"x y"}', ADD COLUMN d timestamptz DEFAULT '2026-01-01 00:00+00';
ALTER TABLE app.t ALTER COLUMN a SET DEFAULT 6, ALTER COLUMN b DROP DEFAULT;
