-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text);
CREATE FUNCTION app.checked(integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$;
CREATE DOMAIN app.positive AS integer CHECK (app.checked(VALUE));
CREATE FUNCTION app.label(o app.orders, x app.positive[] DEFAULT '{1,2}') RETURNS text LANGUAGE sql AS $$ SELECT $1.state $$;
