-- table: app.orders
-- settings: keep_old=0s all_tables_publications=allow
-- One partition is identified by a unique index, one by the whole row, one by nothing.
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, v integer, w text NOT NULL, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE app.orders_2025_0 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.orders_2025_1 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.orders_2026 PARTITION OF app.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 700, i, 'w' || i FROM generate_series(1, 1000) AS i;
CREATE UNIQUE INDEX orders_rest_w ON app.orders_rest (w);
ALTER TABLE app.orders_rest REPLICA IDENTITY USING INDEX orders_rest_w;
ALTER TABLE app.orders_2025_1 REPLICA IDENTITY FULL;
ALTER TABLE app.orders_2026 REPLICA IDENTITY NOTHING;
CREATE PUBLICATION everything FOR ALL TABLES;
