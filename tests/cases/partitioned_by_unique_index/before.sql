-- table: app.t
-- The key is a unique index of the root; the partition key's column gets another name.
CREATE SCHEMA app;
CREATE TABLE app.t (id numeric NOT NULL, "part key" text NOT NULL, v varchar(20)) PARTITION BY LIST ("part key");
CREATE TABLE app.t_a PARTITION OF app.t FOR VALUES IN ('a');
CREATE TABLE app.t_b PARTITION OF app.t FOR VALUES IN ('b', 'c') WITH (fillfactor = 50);
CREATE UNIQUE INDEX "the key" ON app.t ("part key", id) WITH (fillfactor = 80);
INSERT INTO app.t SELECT i, (ARRAY['a', 'b', 'c'])[1 + i % 3], 'v' || i FROM generate_series(1, 500) AS i;
