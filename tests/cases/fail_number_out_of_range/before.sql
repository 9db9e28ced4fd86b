-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v bigint);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 500) AS i;
UPDATE app.t SET v = 3000000000 WHERE id = 333;
