-- table: app.orders
-- The owner, as whom USING is computed, sees no row at all; a whole row has the table's columns and nothing else.
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, gone text, tenant text NOT NULL, state text, total integer, row_then text);
ALTER TABLE app.orders DROP COLUMN gone;
INSERT INTO app.orders SELECT i, 't' || i % 3, 's' || i, i * 2 FROM generate_series(1, 500) AS i;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.orders USING (tenant = current_setting('app.tenant', true));
