-- table: app.t
-- Policies and rules of the table and its partitions that read and write the others.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer, w integer, x integer) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100);
CREATE TABLE app.t_2 PARTITION OF app.t FOR VALUES FROM (100) TO (200);
CREATE TABLE app.t_3 PARTITION OF app.t DEFAULT;
CREATE POLICY of_the_root ON app.t TO app_reader USING (EXISTS (SELECT FROM app.t_2 WHERE t_2.w = t.w));
CREATE POLICY of_a_leaf ON app.t_1 TO app_reader USING (w IN (SELECT t.w FROM app.t)) WITH CHECK (v > (SELECT min(t_3.v) FROM app.t_3));
CREATE RULE away AS ON DELETE TO app.t_3 DO ALSO UPDATE app.t SET w = -1 WHERE t.id = old.id - 300;
CREATE RULE also AS ON UPDATE TO app.t_2 DO ALSO INSERT INTO app.t_3 (id, v, w) VALUES (new.id + 1000, 0, 0);
ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.t_1 ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON app.t, app.t_1 TO app_reader;
INSERT INTO app.t SELECT i, i, i % 10, i FROM generate_series(1, 500) AS i;
