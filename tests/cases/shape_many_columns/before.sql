-- table: app.wide
CREATE SCHEMA app;
SELECT 'CREATE TABLE app.wide (id integer PRIMARY KEY, ' || string_agg(format('c%s integer DEFAULT %s', i, i), ', ') || ')' FROM generate_series(1, 400) AS i
\gexec
INSERT INTO app.wide (id) SELECT i FROM generate_series(1, 20) AS i;
