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
CREATE VIEW app.paid AS SELECT id, customer, amount FROM app.orders WHERE state = 'paid';
CREATE VIEW app.per_customer AS SELECT customer, sum(amount) AS total, count(*) FROM app.paid GROUP BY customer;
CREATE VIEW app.best AS SELECT p.customer, p.total, (SELECT max(o.id) FROM app.orders o WHERE o.customer = p.customer) AS last FROM app.per_customer p WHERE p.total > 1000 ORDER BY total DESC;
CREATE VIEW app.best_paid AS SELECT b.*, x.id FROM app.best b LEFT JOIN app.paid x ON x.id = b.last;
COMMENT ON VIEW app.best IS 'the best';
GRANT SELECT ON app.best TO app_reader;
GRANT SELECT ON app.per_customer TO app_writer WITH GRANT OPTION;
