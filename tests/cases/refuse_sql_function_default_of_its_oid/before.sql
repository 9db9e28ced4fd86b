-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
CREATE FUNCTION app.size(what regclass DEFAULT 'app.orders'::regclass) RETURNS bigint LANGUAGE sql AS 'SELECT pg_relation_size(what)';
