-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text);
CREATE FUNCTION app.label(app.orders DEFAULT NULL) RETURNS text LANGUAGE sql AS $$ SELECT $1.state $$;
