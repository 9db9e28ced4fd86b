-- table: app.orders
-- no load: the first bad row is another one
-- The owner sees no row at all; the daemon, a superuser, all of them.
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.customers (id integer PRIMARY KEY);
INSERT INTO app.customers SELECT generate_series(1, 10);
CREATE TABLE app.orders (id integer PRIMARY KEY, tenant text NOT NULL, customer integer REFERENCES app.customers,
  state text UNIQUE CHECK (state <> ''), twice integer GENERATED ALWAYS AS (customer * 2) STORED);
INSERT INTO app.orders SELECT i, 't' || i % 3, 1 + i % 10, 's' || i FROM generate_series(1, 500) AS i;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.orders USING (tenant = current_setting('app.tenant', true));
