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
CREATE VIEW app.paid AS SELECT id, customer, sum(amount) OVER (PARTITION BY customer) AS total FROM app.orders;
CREATE FUNCTION app.through() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN DELETE FROM app.orders WHERE id = OLD.id; RETURN OLD; END IF;
  INSERT INTO app.orders (id, customer, note) VALUES (NEW.id, NEW.customer, TG_ARGV[0]);
  RETURN NEW;
END $$;
CREATE TRIGGER "insert or delete" INSTEAD OF INSERT OR DELETE ON app.paid FOR EACH ROW EXECUTE FUNCTION app.through('it''s through');
CREATE TRIGGER never INSTEAD OF UPDATE ON app.paid FOR EACH ROW EXECUTE FUNCTION app.through();
COMMENT ON TRIGGER "insert or delete" ON app.paid IS 'writes through';
