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
CREATE MATERIALIZED VIEW app.totals AS SELECT customer, sum(amount) FROM app.orders GROUP BY customer;
CREATE MATERIALIZED VIEW app.by_state WITH (fillfactor = 70) AS
SELECT o.state, count(*) AS n, max(o.placed) AS last FROM app.orders AS o GROUP BY o.state;
CREATE UNIQUE INDEX by_state_state_idx ON app.by_state (state);
CREATE INDEX by_state_lower_idx ON app.by_state (lower(state)) WHERE n > 10;
ALTER MATERIALIZED VIEW app.by_state CLUSTER ON by_state_state_idx;
COMMENT ON MATERIALIZED VIEW app.by_state IS 'how many in each state';
COMMENT ON COLUMN app.by_state.n IS 'orders';
ALTER MATERIALIZED VIEW app.by_state OWNER TO app_owner;
GRANT USAGE ON SCHEMA app TO app_owner;
GRANT SELECT ON app.orders TO app_owner;
GRANT SELECT ON app.by_state TO app_reader;
CREATE VIEW app.many WITH (security_barrier) AS SELECT state, n FROM app.by_state WHERE n > 100;
CREATE VIEW app.both AS SELECT s.state, s.n, o.id, o.note FROM app.by_state AS s JOIN app.orders AS o USING (state);
CREATE VIEW app.on_both AS SELECT id FROM app.both;
CREATE MATERIALIZED VIEW app.not_yet AS SELECT id, note FROM app.orders WITH NO DATA;
ALTER MATERIALIZED VIEW app.by_state ALTER COLUMN n SET STATISTICS 77, ALTER COLUMN state SET STORAGE EXTERNAL,
  ALTER COLUMN state SET (n_distinct = 3), ALTER COLUMN state SET COMPRESSION pglz, SET (toast.autovacuum_enabled = false);
COMMENT ON INDEX app.by_state_lower_idx IS 'of "state" {schema}';
ALTER INDEX app.by_state_lower_idx ALTER COLUMN 1 SET STATISTICS 55;
COMMENT ON TYPE app.orders IS 'the row type';
CREATE TABLE app.seen (what text, n bigint);
CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
CREATE MATERIALIZED VIEW app.otherwise USING heap_again AS SELECT id FROM app.orders;
