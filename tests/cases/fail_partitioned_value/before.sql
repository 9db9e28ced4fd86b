-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, customer integer, v integer, w text, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE app.orders_2025_0 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.orders_2025_1 PARTITION OF app.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 500, 1 + i % 50, i, 'w' || i FROM generate_series(1, 1000) AS i;
UPDATE app.orders SET w = repeat('x', 30) WHERE id = 300;
