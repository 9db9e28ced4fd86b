-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 100) AS i;
INSERT INTO app.t VALUES (5000000000, 'large');
