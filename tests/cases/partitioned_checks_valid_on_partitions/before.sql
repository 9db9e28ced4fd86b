-- table: app.t
-- Validated partition by partition, as one does where the table is large; and a partition that was created later.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer NOT NULL, v integer, w text, x integer, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE app.t_11 PARTITION OF app.t_1 FOR VALUES FROM (0) TO (50);
CREATE TABLE app.t_12 PARTITION OF app.t_1 FOR VALUES FROM (50) TO (100);
CREATE TABLE app.t_2 PARTITION OF app.t FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id);
CREATE TABLE app.t_21 (w text, id integer NOT NULL, x integer, v integer);
ALTER TABLE app.t_2 ATTACH PARTITION app.t_21 FOR VALUES FROM (100) TO (150);
CREATE TABLE app.t_22 PARTITION OF app.t_2 FOR VALUES FROM (150) TO (200);
INSERT INTO app.t SELECT i, i, 'w' || i FROM generate_series(0, 199) AS i;
UPDATE app.t SET v = -1 WHERE id IN (20, 180);
ALTER TABLE app.t ADD CONSTRAINT positive CHECK (v >= 0) NOT VALID, ADD CONSTRAINT "in list" CHECK (w IN ('a', 'b') OR v IS NOT NULL) NOT VALID;
ALTER TABLE app.t_12 VALIDATE CONSTRAINT positive;
ALTER TABLE app.t_21 VALIDATE CONSTRAINT positive;
ALTER TABLE app.t_1 VALIDATE CONSTRAINT "in list";
CREATE TABLE app.t_3 PARTITION OF app.t DEFAULT;
ALTER TABLE app.t_3 ADD CONSTRAINT unchecked CHECK (v < 1000) NOT VALID;
COMMENT ON CONSTRAINT positive ON app.t IS 'of the table';
COMMENT ON CONSTRAINT positive ON app.t_12 IS 'of the leaf';
COMMENT ON CONSTRAINT positive ON app.t_22 IS 'not yet';
