-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, customer integer, v integer, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
CREATE TABLE app.orders_2025_rest PARTITION OF app.orders_2025 DEFAULT;
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
CREATE TABLE app.lines (id integer PRIMARY KEY, "order" integer, placed date, FOREIGN KEY ("order", placed) REFERENCES app.orders (id, placed) ON DELETE SET NULL);
CREATE TABLE app.parts (id integer, "order" integer, placed date, FOREIGN KEY ("order", placed) REFERENCES app.orders (id, placed) ON DELETE CASCADE) PARTITION BY RANGE (id);
CREATE TABLE app.parts_1 PARTITION OF app.parts DEFAULT PARTITION BY RANGE (id);
CREATE TABLE app.parts_1_1 PARTITION OF app.parts_1 DEFAULT;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 500, 1 + i % 50, i FROM generate_series(1, 1000) AS i;
INSERT INTO app.lines SELECT id, id, placed FROM app.orders WHERE id % 3 = 0;
INSERT INTO app.parts SELECT id, id, placed FROM app.orders WHERE id % 5 = 0;
