-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (
  id integer NOT NULL,
  placed date NOT NULL,
  customer integer,
  note text DEFAULT 'none',
  PRIMARY KEY (id, placed)
) PARTITION BY RANGE (placed);
CREATE TABLE app.orders_2024 PARTITION OF app.orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.orders_2025 PARTITION OF app.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.orders_2026 PARTITION OF app.orders FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
CREATE INDEX orders_customer_idx ON app.orders (customer);
INSERT INTO app.orders (id, placed, customer)
SELECT i, date '2024-01-01' + i % 1000, i % 97 FROM generate_series(1, 3000) AS i;
