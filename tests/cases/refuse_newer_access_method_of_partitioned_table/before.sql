-- table: app.t
-- versions: 17 99
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, v int) PARTITION BY RANGE (id) USING heap;
CREATE TABLE app.t_1 PARTITION OF app.t DEFAULT;
INSERT INTO app.t VALUES (1, 1);
