-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (k integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i - 300, 'v' || i FROM generate_series(1, 600) AS i;
