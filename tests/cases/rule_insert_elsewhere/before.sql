-- table: app.orders
-- Several commands, of which some use the table itself.
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
CREATE SCHEMA archive;
CREATE TABLE archive.orders (id integer, customer integer, note text);
CREATE RULE "to the archive" AS ON INSERT TO app.orders WHERE NEW.customer > 90 DO INSTEAD (INSERT INTO archive.orders (id, customer, note) SELECT NEW.id, NEW.customer, 'x' || o.note FROM app.orders o WHERE o.id = NEW.customer; UPDATE app.orders SET note = 'seen' WHERE orders.id = NEW.customer);
CREATE RULE away AS ON DELETE TO app.orders WHERE OLD.id = 999999 DO INSTEAD DELETE FROM archive.orders WHERE id = OLD.id;
