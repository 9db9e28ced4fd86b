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
CREATE SCHEMA "Lib";
GRANT USAGE, CREATE ON SCHEMA "Lib" TO app_reader;
GRANT SELECT, INSERT ON app.orders TO app_reader;
GRANT USAGE ON SCHEMA app TO app_reader;
CREATE FUNCTION "Lib"."Of Customer"("select" integer DEFAULT 5, VARIADIC more integer[] DEFAULT '{}', OUT n bigint, OUT total numeric) RETURNS record
  LANGUAGE sql STABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 77 SET search_path = pg_catalog SET work_mem = '8MB'
  RETURN (SELECT ROW(count(*), sum(amount)) FROM app.orders WHERE customer = "select" OR customer = ANY (more));
CREATE FUNCTION app.list(c integer) RETURNS TABLE (id integer, note text) LANGUAGE sql ROWS 7 BEGIN ATOMIC SELECT o.id, o.note FROM app.orders o WHERE o.customer = c; END;
CREATE FUNCTION app.list(c text) RETURNS SETOF numeric LANGUAGE sql BEGIN ATOMIC SELECT amount FROM app.orders WHERE state = c ORDER BY amount DESC LIMIT 3; END;
SET ROLE app_reader;
CREATE FUNCTION "Lib".newest() RETURNS integer LANGUAGE sql SECURITY DEFINER RETURN (SELECT max(id) FROM app.orders);
RESET ROLE;
COMMENT ON FUNCTION app.list(text) IS 'numbers';
GRANT EXECUTE ON FUNCTION app.list(text) TO app_writer WITH GRANT OPTION;
