-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text);
CREATE FUNCTION app.label(app.orders) RETURNS text LANGUAGE sql AS $$ SELECT $1.id || ': ' || $1.state $$;
CREATE VIEW app.labels AS SELECT app.label(NULL) AS label;
