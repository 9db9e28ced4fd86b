-- table: app.orders
-- user: app_daemon
CREATE SCHEMA app AUTHORIZATION app_owner;
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text);
INSERT INTO app.orders SELECT i, 's' || i FROM generate_series(1, 100) AS i;
CREATE FUNCTION app.all_orders() RETURNS SETOF app.orders LANGUAGE sql AS 'SELECT * FROM app.orders';
GRANT EXECUTE ON FUNCTION app.all_orders TO app_writer;
