-- table: app.t
-- The index of the key was built by other rules than the collation has now.
CREATE SCHEMA app;
CREATE COLLATION app.german (provider = icu, locale = 'de');
CREATE TABLE app.t (k text COLLATE app.german PRIMARY KEY, n int);
INSERT INTO app.t SELECT 'k' || i, i FROM generate_series(1, 100) i;
UPDATE pg_collation SET collversion = '1' WHERE collname = 'german';
