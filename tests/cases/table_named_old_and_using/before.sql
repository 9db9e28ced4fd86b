-- table: app.old
CREATE SCHEMA app;
CREATE TABLE app.old (id integer PRIMARY KEY, a text);
INSERT INTO app.old SELECT i, i::text FROM generate_series(1, 200) AS i;
