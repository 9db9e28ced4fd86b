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
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.log VALUES (TG_NAME || ' ' || TG_WHEN || ' ' || TG_OP || ' ' || TG_TABLE_SCHEMA || ' ' || TG_ARGV::text);
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER any_change AFTER UPDATE ON app.orders FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.note('any');
CREATE TRIGGER of_some BEFORE UPDATE OF note, state ON app.orders FOR EACH ROW EXECUTE FUNCTION app.note('some', 'columns');
CREATE TRIGGER when_big BEFORE INSERT ON app.orders FOR EACH ROW WHEN (NEW.amount > 100 AND NEW.note <> 'it''s') EXECUTE FUNCTION app.note('it''s big', '', 'back\slash', '"', '5');
CREATE TRIGGER each_statement AFTER UPDATE OR DELETE ON app.orders EXECUTE FUNCTION app.note();
CREATE TRIGGER emptied BEFORE TRUNCATE ON app.orders EXECUTE FUNCTION app.note();
