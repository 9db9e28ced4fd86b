-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer, region text, v integer, CONSTRAINT "the key" PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE app.t_eu PARTITION OF app.t FOR VALUES IN ('de', 'fr', 'it''s');
CREATE TABLE app."t us" PARTITION OF app.t FOR VALUES IN ('us');
CREATE TABLE app.t_rest PARTITION OF app.t DEFAULT;
INSERT INTO app.t SELECT i, (ARRAY['de', 'fr', 'us', 'jp', 'it''s'])[1 + i % 5], i FROM generate_series(1, 2000) AS i;
