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
CREATE TABLE app.log (what text);
CREATE VIEW app.paid AS SELECT id, customer, note, amount FROM app.orders WHERE state = 'paid';
ALTER VIEW app.paid ALTER COLUMN note SET DEFAULT 'by the view', ALTER COLUMN customer SET DEFAULT 7;
CREATE VIEW app.summary AS SELECT customer, count(*) AS n FROM app.orders GROUP BY customer;
CREATE RULE remember AS ON INSERT TO app.summary DO INSTEAD INSERT INTO app.log VALUES ('insert ' || NEW.customer);
CREATE RULE "not deleted" AS ON DELETE TO app.summary DO INSTEAD NOTHING;
COMMENT ON RULE remember ON app.summary IS 'only noted';
CREATE RULE also AS ON UPDATE TO app.paid DO ALSO INSERT INTO app.log VALUES (OLD.id || ' ' || NEW.note);
