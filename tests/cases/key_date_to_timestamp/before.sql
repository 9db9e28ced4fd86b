-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (k date PRIMARY KEY, v text);
INSERT INTO app.t SELECT date '2000-01-01' + i, 'v' || i FROM generate_series(1, 25000) AS i;
