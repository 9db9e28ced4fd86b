-- table: app.orders
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, tenant text NOT NULL, state text, total integer, row_then text) PARTITION BY RANGE (id);
CREATE TABLE app.orders_1 (total integer, tenant text NOT NULL, row_then text, id integer NOT NULL, state text);
ALTER TABLE app.orders ATTACH PARTITION app.orders_1 FOR VALUES FROM (0) TO (100);
CREATE TABLE app.orders_2 PARTITION OF app.orders DEFAULT;
INSERT INTO app.orders SELECT i, 't' || i % 3, 's' || i, i * 2 FROM generate_series(1, 500) AS i;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.orders USING (tenant = current_setting('app.tenant', true));
