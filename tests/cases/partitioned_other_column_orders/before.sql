-- table: app.t
-- Attached tables have their columns in orders of their own, dropped ones, other defaults, storage and settings.
CREATE SCHEMA app;
CREATE TABLE app.t (gone text, id integer NOT NULL, day date NOT NULL, v integer, w text DEFAULT 'root', PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
ALTER TABLE app.t DROP COLUMN gone;
CREATE TABLE app.t_1 PARTITION OF app.t (v DEFAULT 11, CONSTRAINT small CHECK (v < 100000)) FOR VALUES FROM ('2025-01-01') TO ('2025-07-01') WITH (fillfactor = 70);
CREATE TABLE app.t_2 (w text DEFAULT 'leaf', x integer, v integer, day date NOT NULL, y text, id integer NOT NULL);
ALTER TABLE app.t_2 DROP COLUMN x, DROP COLUMN y;
ALTER TABLE app.t_2 ALTER COLUMN w SET STORAGE EXTERNAL, ALTER COLUMN w SET STATISTICS 17, ALTER COLUMN v SET (n_distinct = 5),
  SET (autovacuum_vacuum_scale_factor = 0.3, toast.autovacuum_enabled = false), ADD CONSTRAINT not_yet CHECK (v >= 0) NOT VALID;
CREATE INDEX of_its_own ON app.t_2 (w DESC) WITH (fillfactor = 60);
ALTER TABLE app.t_2 CLUSTER ON of_its_own, REPLICA IDENTITY FULL;
CREATE UNIQUE INDEX "t_2 key" ON app.t_2 (id, day) INCLUDE (v);
ALTER TABLE app.t ATTACH PARTITION app.t_2 FOR VALUES FROM ('2025-07-01') TO (MAXVALUE);
ALTER TABLE app.t ADD CONSTRAINT everywhere CHECK (v <> -1) NOT VALID;
COMMENT ON TABLE app.t IS 'the root';
COMMENT ON TABLE app.t_2 IS 'a leaf';
COMMENT ON COLUMN app.t_2.w IS 'of the leaf';
COMMENT ON INDEX app.of_its_own IS 'index of the leaf';
COMMENT ON CONSTRAINT everywhere ON app.t IS 'check of all';
COMMENT ON CONSTRAINT not_yet ON app.t_2 IS 'check of one';
GRANT SELECT ON app.t TO app_reader;
GRANT SELECT (v), INSERT ON app.t_2 TO app_writer;
INSERT INTO app.t (id, day) SELECT i, date '2025-01-01' + i % 365 FROM generate_series(1, 1000) AS i;
INSERT INTO app.t SELECT i, date '2025-01-01' + i % 365, i FROM generate_series(1001, 2000) AS i;
