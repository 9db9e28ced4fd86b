-- table: app.t
-- no load: rows that are updated move, natively too
-- Two sessions would put rows of different stretches into the same ranges of blocks.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, at timestamp, v text);
CREATE INDEX t_at_idx ON app.t USING brin (at) WITH (pages_per_range = 16);
INSERT INTO app.t SELECT i, timestamp '2026-01-01' + i * interval '1 second', repeat('v', 1000) FROM generate_series(1, 6000) AS i;
