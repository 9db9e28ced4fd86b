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
GRANT USAGE ON SCHEMA app TO app_owner, app_reader, app_writer;
GRANT SELECT ON app.orders TO app_owner;
CREATE SCHEMA reports;
GRANT USAGE ON SCHEMA reports TO app_owner, app_writer;
CREATE MATERIALIZED VIEW app.totals AS SELECT customer, sum(amount) AS amount FROM app.orders GROUP BY customer;
CREATE UNIQUE INDEX totals_customer_idx ON app.totals (customer);
ALTER MATERIALIZED VIEW app.totals OWNER TO app_owner;
GRANT SELECT ON app.totals TO app_writer;
CREATE MATERIALIZED VIEW reports.best WITH (fillfactor = 80) AS SELECT customer, amount FROM app.totals WHERE amount > 5000;
CREATE INDEX best_amount_idx ON reports.best (amount DESC);
COMMENT ON MATERIALIZED VIEW reports.best IS 'of totals';
COMMENT ON COLUMN reports.best.amount IS 'of the best';
ALTER MATERIALIZED VIEW reports.best ALTER COLUMN amount SET STATISTICS 42;
ALTER MATERIALIZED VIEW reports.best OWNER TO app_writer;
GRANT SELECT ON reports.best TO app_reader WITH GRANT OPTION;
CREATE VIEW reports.names AS SELECT b.customer, b.amount, t.amount AS of_all FROM reports.best b JOIN app.totals t USING (customer);
CREATE MATERIALIZED VIEW reports.letters AS
SELECT o.id, o.email, b.amount, (SELECT count(*) FROM app.totals) AS customers FROM app.orders o JOIN reports.best b USING (customer);
CREATE MATERIALIZED VIEW reports.by_view AS SELECT count(*) AS n FROM reports.names;
CREATE VIEW reports.last AS SELECT id, email FROM reports.letters ORDER BY id DESC LIMIT 3;
CREATE MATERIALIZED VIEW app.empty AS SELECT id FROM app.orders WITH NO DATA;
CREATE MATERIALIZED VIEW app.emptier AS SELECT id + 1 AS next FROM app.empty WITH NO DATA;
