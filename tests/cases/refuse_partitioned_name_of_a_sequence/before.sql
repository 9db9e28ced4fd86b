-- table: app.t
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.t (id serial PRIMARY KEY, v integer) PARTITION BY RANGE (id);
CREATE TABLE other.t_id_seq PARTITION OF app.t FOR VALUES FROM (0) TO (100);
INSERT INTO app.t (v) VALUES (1);
