-- table: app.t
-- The index of another column is built anew, as natively.
CREATE SCHEMA app;
CREATE COLLATION app.german (provider = icu, locale = 'de');
CREATE TABLE app.t (id int PRIMARY KEY, name text COLLATE app.german UNIQUE, n int);
INSERT INTO app.t SELECT i, 'name ' || i, i FROM generate_series(1, 100) i;
UPDATE pg_collation SET collversion = '1' WHERE collname = 'german';
