-- table: app.t
-- versions: 15 99
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, a integer, b text, j jsonb, words text[], r int4range, c text COLLATE "C");
INSERT INTO app.t SELECT i, i % 10, 'B' || i, jsonb_build_object('n', i), ARRAY['w' || i % 7], int4range(i, i + 5), 'c' || i FROM generate_series(1, 500) AS i;
CREATE INDEX t_expression_idx ON app.t (lower(b), (a + id));
CREATE INDEX t_partial_idx ON app.t (a) WHERE b LIKE 'B1%' AND a > 3;
CREATE UNIQUE INDEX t_include_idx ON app.t (b) INCLUDE (a, c);
CREATE INDEX t_descending_idx ON app.t (a DESC NULLS FIRST, b COLLATE "C" ASC NULLS LAST);
CREATE INDEX t_opclass_idx ON app.t (b text_pattern_ops);
CREATE INDEX t_gin_idx ON app.t USING gin (j jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX t_gin_words_idx ON app.t USING gin (words);
CREATE INDEX t_gist_idx ON app.t USING gist (r);
CREATE INDEX t_brin_idx ON app.t USING brin (id) WITH (pages_per_range = 16);
CREATE INDEX t_hash_idx ON app.t USING hash (c);
CREATE INDEX t_spgist_idx ON app.t USING spgist (c);
CREATE INDEX t_fillfactor_idx ON app.t (c) WITH (fillfactor = 55, deduplicate_items = off);
CREATE UNIQUE INDEX t_nulls_idx ON app.t (a, id) NULLS NOT DISTINCT;
ALTER INDEX app.t_expression_idx ALTER COLUMN 2 SET STATISTICS 321;
COMMENT ON INDEX app.t_partial_idx IS 'only some';
ALTER TABLE app.t CLUSTER ON t_include_idx;
