-- table: app.seen
-- The bounds of verification's ranges travel as text: under these settings two of these keys read alike, or as another one.
CREATE SCHEMA app;
ALTER DATABASE :"DBNAME" SET DateStyle = 'SQL, DMY';
ALTER DATABASE :"DBNAME" SET TimeZone = 'Europe/Dublin';
ALTER DATABASE :"DBNAME" SET extra_float_digits = -15;
CREATE TABLE app.seen (at timestamptz PRIMARY KEY, n integer);
INSERT INTO app.seen SELECT '2026-07-01 12:00+00'::timestamptz + i * interval '10 ms', i FROM generate_series(1, 60000) AS i;
