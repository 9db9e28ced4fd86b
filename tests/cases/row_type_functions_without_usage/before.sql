-- table: app.orders
CREATE SCHEMA app;
CREATE SCHEMA lib;
GRANT CREATE ON SCHEMA app, lib TO app_reader;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text);
INSERT INTO app.orders SELECT i, 's' || i FROM generate_series(1, 100) AS i;
CREATE FUNCTION app.all_orders() RETURNS SETOF app.orders LANGUAGE sql AS 'SELECT * FROM app.orders';
CREATE FUNCTION lib.label(app.orders) RETURNS text LANGUAGE sql AS 'SELECT $1.state';
ALTER FUNCTION app.all_orders() OWNER TO app_reader;
ALTER FUNCTION lib.label(app.orders) OWNER TO app_reader;
REVOKE EXECUTE ON FUNCTION lib.label(app.orders) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lib.label(app.orders) TO app_writer;
