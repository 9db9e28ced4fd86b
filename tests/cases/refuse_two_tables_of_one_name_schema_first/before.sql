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
CREATE TABLE public.orders (id integer PRIMARY KEY, note text);
INSERT INTO public.orders SELECT i, 'public' FROM generate_series(1, 10) AS i;
