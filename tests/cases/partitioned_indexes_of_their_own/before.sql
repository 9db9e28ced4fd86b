-- table: app.t
-- versions: 15 99
CREATE SCHEMA app;
CREATE EXTENSION btree_gist SCHEMA app;
CREATE TABLE app.t (id integer NOT NULL, v integer, w text, during tstzrange, at text, CONSTRAINT "the key" PRIMARY KEY (id) DEFERRABLE) PARTITION BY HASH (id);
CREATE TABLE app.t_0 PARTITION OF app.t FOR VALUES WITH (MODULUS 3, REMAINDER 0) PARTITION BY RANGE (id);
CREATE TABLE app.t_00 PARTITION OF app.t_0 DEFAULT;
CREATE TABLE app.t_1 (w text COLLATE "C" NOT NULL DEFAULT 'one' CHECK (w <> '') NO INHERIT, id integer NOT NULL, during tstzrange, at text, v integer, CONSTRAINT t_1_is_small CHECK (v < 100000));
ALTER TABLE app.t_1 ALTER COLUMN w TYPE text COLLATE "default";
ALTER TABLE app.t ATTACH PARTITION app.t_1 FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE app.t_2 PARTITION OF app.t (w DEFAULT 'two', CONSTRAINT t_2_w CHECK (w IS NOT NULL)) FOR VALUES WITH (MODULUS 3, REMAINDER 2);
ALTER TABLE app.t_1 ADD CONSTRAINT apart EXCLUDE USING gist (id WITH =, during WITH &&) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE app.t_2 ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (v) INCLUDE (w) WITH (fillfactor = 60);
CREATE UNIQUE INDEX t_2_part ON app.t_2 (lower(w), v DESC NULLS LAST) WHERE v > 10;
CREATE INDEX t_1_hash ON app.t_1 USING hash (w);
CREATE INDEX t_0_level ON app.t_0 (v);
CREATE INDEX ON ONLY app.t (w);
CREATE INDEX t_1_attached ON app.t_1 (w);
ALTER INDEX app.t_w_idx ATTACH PARTITION app.t_1_attached;
CREATE INDEX not_attached ON app.t_2 (w);
CREATE INDEX t_both ON app.t (v, (w || 'x'));
ALTER INDEX app.t_1_v_expr_idx RENAME TO "another name";
ALTER TABLE app.t_1 CLUSTER ON apart;
ALTER TABLE app.t_2 ALTER COLUMN w SET STATISTICS 33, ALTER COLUMN w SET STORAGE EXTERNAL, ALTER COLUMN w SET (n_distinct = -0.5);
ALTER INDEX app.t_2_part ALTER COLUMN 1 SET STATISTICS 44;
COMMENT ON CONSTRAINT apart ON app.t_1 IS 'do not overlap';
COMMENT ON INDEX app."another name" IS 'of a leaf';
COMMENT ON COLUMN app.t_2.w IS 'w of the second';
INSERT INTO app.t (id, v, w, during) SELECT i, i, 'w' || i, tstzrange(timestamptz '2026-01-01' + i * interval '1 day', timestamptz '2026-01-02' + i * interval '1 day') FROM generate_series(1, 500) AS i;
