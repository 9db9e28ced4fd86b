-- table: app.orders
-- The view's row type and its function users stay as they are, since the view itself does.
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
CREATE FUNCTION app.best(n integer) RETURNS SETOF app.paid LANGUAGE sql STABLE AS $$ SELECT * FROM app.paid ORDER BY amount DESC LIMIT n $$;
CREATE FUNCTION app.total() RETURNS numeric LANGUAGE sql BEGIN ATOMIC SELECT sum(amount) FROM app.paid; END;
CREATE TABLE app.kept (id integer PRIMARY KEY, p app.paid);
INSERT INTO app.kept SELECT id, p FROM app.paid p;
CREATE VIEW app.top AS SELECT * FROM app.best(3);
