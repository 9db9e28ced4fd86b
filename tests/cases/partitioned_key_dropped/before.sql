-- table: app.t
-- The job needs an index of its own, whose parts would be called as those that are there.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer, v integer, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100);
CREATE TABLE app.t_2 PARTITION OF app.t DEFAULT;
CREATE INDEX ON app.t (id);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 500) AS i;
