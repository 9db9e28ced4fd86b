-- table: app.orders
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
SELECT format('CREATE VIEW app.v%s AS SELECT id, amount * %s AS a FROM app.orders WHERE customer = %s', i, i, i) FROM generate_series(1, 40) AS i \gexec
SELECT format('CREATE VIEW app.w%s AS SELECT x.id, y.a FROM app.v%s x JOIN app.%s%s y USING (id)', i, i, CASE i WHEN 1 THEN 'v' ELSE 'w' END, greatest(i - 1, 1)) FROM generate_series(1, 20) AS i \gexec
