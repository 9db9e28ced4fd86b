-- table: app.orders
-- A table named by a constant counts as used, and so does its index.
CREATE SCHEMA app;
CREATE TABLE app.orders (
  id integer PRIMARY KEY,
  customer integer NOT NULL,
  email varchar(80),
  note text,
  amount numeric(10, 2) DEFAULT 0.00,
  placed timestamp DEFAULT '2026-01-01',
  state text NOT NULL DEFAULT 'new'
);
CREATE INDEX orders_customer_idx ON app.orders (customer);
INSERT INTO app.orders
SELECT i, i % 97, 'c' || i || '@example.org',
       CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE repeat('n', i % 50) END,
       i * 1.25, timestamp '2026-01-01' + i * interval '1 minute', (ARRAY['new', 'paid', 'sent'])[1 + i % 3]
FROM generate_series(1, 1000) AS i;
CREATE VIEW app.v AS SELECT id, tableoid::regclass::text AS of, ctid IS NULL AS nowhere, xmin IS NULL AS never FROM app.orders;
CREATE VIEW app.size AS SELECT 'app.orders'::regclass::text AS name, pg_relation_size('app.orders'::regclass) > 0 AS filled, 'app.orders_customer_idx'::regclass::text AS idx;
