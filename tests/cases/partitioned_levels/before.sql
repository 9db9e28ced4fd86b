-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer, day date, region text, v integer, PRIMARY KEY (id, day, region)) PARTITION BY RANGE (day);
CREATE TABLE app.t_2025 PARTITION OF app.t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (region);
CREATE TABLE app.t_2025_de PARTITION OF app.t_2025 FOR VALUES IN ('de');
CREATE TABLE app.t_2025_rest PARTITION OF app.t_2025 DEFAULT PARTITION BY HASH (id);
CREATE TABLE app.t_2025_rest_0 PARTITION OF app.t_2025_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.t_2025_rest_1 PARTITION OF app.t_2025_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.t_rest PARTITION OF app.t DEFAULT;
CREATE INDEX t_v_idx ON app.t (v) WHERE v > 5;
CREATE INDEX only_one_level ON app.t_2025 (lower(region));
CREATE UNIQUE INDEX only_one_leaf ON app.t_2025_de (id);
INSERT INTO app.t SELECT i, date '2024-06-01' + i % 900, (ARRAY['de', 'fr', 'us'])[1 + i % 3], i % 100 FROM generate_series(1, 3000) AS i;
