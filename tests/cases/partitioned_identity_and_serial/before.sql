-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer GENERATED ALWAYS AS IDENTITY, number serial, day date NOT NULL, a integer DEFAULT 2, twice integer GENERATED ALWAYS AS (a * 2) STORED, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE app.t_2 PARTITION OF app.t DEFAULT;
INSERT INTO app.t (day) SELECT date '2025-01-01' + i % 300 FROM generate_series(1, 500) AS i;
