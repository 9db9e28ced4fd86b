-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (k character(12) PRIMARY KEY, v text);
INSERT INTO app.t SELECT 'k' || i, 'v' || i FROM generate_series(1, 25000) AS i;
