-- table: app.t
-- versions: 17 99
CREATE SCHEMA app;
CREATE EXTENSION btree_gist;
CREATE TABLE app.t (id int PRIMARY KEY, v int, during daterange,
  EXCLUDE USING gist (id WITH =, during WITH &&) WITH (fillfactor = 60)) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (10);
CREATE TABLE app.t_2 PARTITION OF app.t DEFAULT;
INSERT INTO app.t SELECT i, i, daterange('2026-01-01', '2026-01-01'::date + i) FROM generate_series(1, 20) AS i;
