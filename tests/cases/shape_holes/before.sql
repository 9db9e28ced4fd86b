-- table: app.t
-- Blocks without a visible row, at the start, in the middle and at the end.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text) WITH (autovacuum_enabled = off);
INSERT INTO app.t SELECT i, repeat('v', 200) FROM generate_series(1, 3000) AS i;
DELETE FROM app.t WHERE id < 500 OR id BETWEEN 1000 AND 1700 OR id > 2500;
UPDATE app.t SET v = 'moved' WHERE id % 3 = 0;
