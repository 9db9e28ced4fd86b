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
CREATE TABLE app.customers (id integer PRIMARY KEY, name text);
INSERT INTO app.customers SELECT i, 'customer ' || i FROM generate_series(0, 96) AS i;
CREATE VIEW app.named AS SELECT o.id, c.name, o.amount, l.n FROM app.orders o JOIN app.customers c ON c.id = o.customer LEFT JOIN LATERAL (SELECT count(*) AS n FROM app.orders x WHERE x.customer = c.id AND x.id < o.id) l ON true;
CREATE VIEW app.full_join AS SELECT id, c.name, o.note FROM app.customers c FULL JOIN app.orders o USING (id);
CREATE VIEW app.natural_join AS SELECT * FROM app.orders NATURAL LEFT JOIN (SELECT id AS customer, name FROM app.customers) c;
CREATE VIEW app.crossed AS SELECT o.id AS a, p.id AS b FROM app.orders o, app.orders p WHERE o.id = p.customer;
