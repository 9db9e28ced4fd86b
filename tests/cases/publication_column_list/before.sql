-- table: app.orders
-- versions: 15 99
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
CREATE TABLE app.other (id integer PRIMARY KEY);
CREATE PUBLICATION listed FOR TABLE app.orders (id, customer, state), app.other;
CREATE PUBLICATION listed_out_of_order FOR TABLE app.orders (state, id) WITH (publish = 'insert, delete');
CREATE PUBLICATION everything_of_it FOR TABLE ONLY app.orders WITH (publish = 'truncate', publish_via_partition_root = true);
