-- table: app.orders
-- An upsert by the key's name depends on the key.
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
CREATE PROCEDURE app.place(i integer, c integer) LANGUAGE sql BEGIN ATOMIC
  INSERT INTO app.orders (id, customer, note) VALUES (i, c, 'placed') ON CONFLICT (id) DO UPDATE SET note = excluded.note || orders.id;
  UPDATE app.orders SET customer = c WHERE id = i - 1;
  DELETE FROM app.orders o USING app.orders p WHERE o.id = i - 2 AND p.id = i;
END;
CREATE PROCEDURE app.upsert(i integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO app.orders AS o (id, customer) VALUES (i, 1) ON CONFLICT ON CONSTRAINT orders_pkey DO UPDATE SET state = 'again' WHERE o.customer > 0; END;
CREATE FUNCTION app.add(i integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC INSERT INTO app.orders (id, customer) VALUES (i, 1) RETURNING customer + 1; END;
COMMENT ON PROCEDURE app.upsert(integer) IS 'puts';
GRANT EXECUTE ON PROCEDURE app.upsert(integer) TO app_writer;
