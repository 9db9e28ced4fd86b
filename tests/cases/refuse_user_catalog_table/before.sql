-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n integer) WITH (user_catalog_table = true);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 10) AS i;
