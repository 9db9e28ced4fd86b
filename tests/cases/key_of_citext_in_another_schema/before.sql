-- table: app.t
-- Outside of that schema > is text's operator, which orders the key in another way than its index does.
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE SCHEMA app;
CREATE TABLE app.t (code ext.citext PRIMARY KEY, n integer);
INSERT INTO app.t SELECT CASE i % 2 WHEN 0 THEN 'Key ' ELSE 'kEY ' END || i, i FROM generate_series(1, 25000) AS i;
