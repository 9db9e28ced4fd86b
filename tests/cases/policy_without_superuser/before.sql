-- table: app.orders
-- user: app_daemon
-- The policies apply to the daemon's role too, but not to the owner as whom it copies.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA app TO app_reader;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer);
INSERT INTO app.orders SELECT i, i % 97 FROM generate_series(1, 300) AS i;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY five ON app.orders FOR SELECT TO app_reader USING (customer = 5);
CREATE POLICY none ON app.orders FOR ALL TO PUBLIC USING (false);
GRANT SELECT ON app.orders TO app_reader;
COMMENT ON POLICY five ON app.orders IS 'five';
RESET ROLE;
