-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.customers (id integer PRIMARY KEY, name text);
CREATE TABLE app.orders (id integer NOT NULL, placed date NOT NULL, customer integer, v integer, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id);
CREATE TABLE app.orders_2025_rest PARTITION OF app.orders_2025 DEFAULT;
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
ALTER TABLE app.orders_2025_rest ADD CONSTRAINT a_name_of_its_own FOREIGN KEY (customer) REFERENCES app.customers ON DELETE CASCADE;
ALTER TABLE app.orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES app.customers ON DELETE CASCADE;
COMMENT ON CONSTRAINT orders_customer_fkey ON app.orders IS 'who';
INSERT INTO app.customers SELECT i, 'c' || i FROM generate_series(1, 50) AS i;
INSERT INTO app.orders SELECT i, date '2024-10-01' + i % 500, 1 + i % 50, i FROM generate_series(1, 1000) AS i;
