-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, i::text FROM generate_series(-500, 500) AS i;
INSERT INTO app.t VALUES (-2147483648, 'least'), (2147483647, 'greatest');
