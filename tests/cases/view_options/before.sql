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
GRANT USAGE ON SCHEMA app TO app_reader;
CREATE VIEW app.barrier WITH (security_barrier) AS SELECT id, customer, amount FROM app.orders WHERE amount < 500;
CREATE VIEW app.invoker WITH (security_invoker = true) AS SELECT id FROM app.orders;
CREATE VIEW app.local WITH (security_barrier = false) AS SELECT id, customer, amount FROM app.orders WHERE amount < 500 WITH LOCAL CHECK OPTION;
CREATE VIEW app.cascaded AS SELECT * FROM app.local WHERE customer < 50 WITH CASCADED CHECK OPTION;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_reader;
REVOKE ALL ON app.orders FROM app_reader;
