-- table: app.orders
-- The table at the other end has the same name in another schema, and its key the same name as one of ours.
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
CREATE TABLE archive.orders (id integer PRIMARY KEY, customer integer, CONSTRAINT orders_customer_fkey FOREIGN KEY (id) REFERENCES app.orders);
INSERT INTO archive.orders SELECT i, i % 97 FROM generate_series(1, 100) AS i;
ALTER TABLE app.orders ADD COLUMN archived integer REFERENCES archive.orders;
UPDATE app.orders SET archived = id WHERE id <= 100;
ALTER TABLE app.orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (id) REFERENCES app.orders (id);
