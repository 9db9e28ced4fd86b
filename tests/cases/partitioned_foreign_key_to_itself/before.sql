-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, customer integer, v integer, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
CREATE TABLE app.orders_2025_rest PARTITION OF app.orders_2025 DEFAULT;
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 500, NULL, i FROM generate_series(1, 1000) AS i;
ALTER TABLE app.orders ADD COLUMN after_id integer, ADD COLUMN after_placed date;
UPDATE app.orders o SET after_id = p.id, after_placed = p.placed FROM app.orders p WHERE p.id = o.id - 1;
ALTER TABLE app.orders ADD CONSTRAINT after FOREIGN KEY (after_id, after_placed) REFERENCES app.orders (id, placed) ON DELETE SET NULL;
