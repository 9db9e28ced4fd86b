-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (region text, id integer, v text, PRIMARY KEY (region, id));
INSERT INTO app.t SELECT 'r', i, 'v' FROM generate_series(1, 3000) AS i;
UPDATE app.t SET v = NULL WHERE id = 2718;
