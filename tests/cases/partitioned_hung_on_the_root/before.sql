-- table: app.orders
-- versions: 15 99
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, customer integer, v integer, w text, x integer, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE app.orders_2025_0 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.orders_2025_1 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
CREATE TABLE app.audit (what text);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.audit VALUES (concat_ws(' ', tg_table_name, tg_name, tg_op, new.id)); RETURN new; END $$;
CREATE TRIGGER row_after AFTER INSERT OR UPDATE OF w ON app.orders FOR EACH ROW WHEN (new.v > 0) EXECUTE FUNCTION app.note();
CREATE TRIGGER row_before BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.note();
CREATE TRIGGER whole AFTER DELETE ON app.orders REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION app.note();
CREATE TRIGGER off AFTER UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.note();
ALTER TABLE app.orders DISABLE TRIGGER off;
COMMENT ON TRIGGER row_after ON app.orders IS 'notes';
CREATE RULE never AS ON DELETE TO app.orders WHERE old.id = 1 DO INSTEAD NOTHING;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.orders TO app_reader USING (customer = 5);
CREATE STATISTICS app.st (dependencies) ON customer, w FROM app.orders;
CREATE PUBLICATION "p of the root" FOR TABLE app.orders (id, placed, customer) WITH (publish_via_partition_root = true);
CREATE VIEW app.recent AS SELECT id, w, placed FROM app.orders WHERE placed > '2025-06-01';
CREATE MATERIALIZED VIEW app.counts AS SELECT placed, count(*) AS n FROM app.orders GROUP BY placed;
CREATE FUNCTION app.how_many() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.orders; END;
GRANT SELECT ON app.orders, app.recent TO app_reader;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 500, 1 + i % 50, i, 'w' || i FROM generate_series(1, 1000) AS i;
TRUNCATE app.audit;
REFRESH MATERIALIZED VIEW app.counts;
