-- table: app.t
CREATE SCHEMA app;
ALTER DATABASE :"DBNAME" SET array_nulls = off;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 100) AS i;
