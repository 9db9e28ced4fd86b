-- table: app.orders
-- The new column is called like one of a table that a policy looks into.
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
GRANT USAGE ON SCHEMA app TO app_reader, app_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.orders TO app_reader, app_writer;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE TABLE app.rights (role name, customer integer);
INSERT INTO app.rights VALUES ('app_reader', 5), ('app_reader', 6), ('app_writer', 7);
GRANT SELECT ON app.rights TO PUBLIC;
CREATE FUNCTION app.may(c integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT EXISTS (SELECT FROM app.rights WHERE role = session_user AND customer = c) $$;
CREATE POLICY listed ON app.orders TO PUBLIC USING (EXISTS (SELECT FROM app.rights r WHERE r.role = current_user AND r.customer = orders.customer));
CREATE POLICY inserts ON app.orders FOR INSERT TO app_reader, app_writer WITH CHECK (customer IN (5, 7));
CREATE POLICY updates ON app.orders FOR UPDATE TO app_reader USING (id > 0) WITH CHECK (amount > 0 OR note = 'it''s');
CREATE POLICY "delete" ON app.orders FOR DELETE TO app_writer USING (false);
CREATE POLICY daytime ON app.orders AS RESTRICTIVE TO PUBLIC USING (placed < '2026-02-01' OR placed IS NULL);
CREATE POLICY strict ON app.orders AS RESTRICTIVE FOR INSERT TO app_reader, app_owner WITH CHECK (state <> 'sent');
CREATE POLICY asked ON app.orders FOR SELECT TO app_owner USING (app.may(customer));
COMMENT ON POLICY daytime ON app.orders IS 'restrictive';
COMMENT ON POLICY "delete" ON app.orders IS 'odd';
