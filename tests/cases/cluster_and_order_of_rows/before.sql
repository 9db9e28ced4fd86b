-- table: app.t
-- no load: rows that are updated move, natively too
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, place integer, v text);
CREATE INDEX t_place_idx ON app.t (place);
INSERT INTO app.t SELECT i, 6001 - i, repeat('v', 1000) FROM generate_series(1, 6000) AS i;
CLUSTER app.t USING t_place_idx;
