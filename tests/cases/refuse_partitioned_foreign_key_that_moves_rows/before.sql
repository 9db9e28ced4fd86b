-- table: app.t
-- The column is in the key of a sub-partition, where it has another number.
CREATE SCHEMA app;
CREATE TABLE app.r (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer NOT NULL, r integer NOT NULL REFERENCES app.r ON UPDATE CASCADE, v integer, PRIMARY KEY (id, r)) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 (v integer, id integer NOT NULL, r integer NOT NULL) PARTITION BY LIST (r);
ALTER TABLE app.t ATTACH PARTITION app.t_1 FOR VALUES FROM (0) TO (100);
CREATE TABLE app.t_11 PARTITION OF app.t_1 FOR VALUES IN (1);
CREATE TABLE app.t_12 PARTITION OF app.t_1 DEFAULT;
INSERT INTO app.r VALUES (1);
INSERT INTO app.t VALUES (1, 1, 1);
