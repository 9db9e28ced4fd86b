-- table: app._w
-- The array type of _w is called ___w, because __w is another table's.
CREATE SCHEMA app;
CREATE TABLE app._w (id integer PRIMARY KEY);
CREATE TABLE app.__w (id integer PRIMARY KEY);
INSERT INTO app._w SELECT generate_series(1, 100);
