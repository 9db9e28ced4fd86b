-- table: app.orders
CREATE EXTENSION citext;
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer);
CREATE FUNCTION app.how_many() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.orders; END;
ALTER FUNCTION app.how_many DEPENDS ON EXTENSION citext;
