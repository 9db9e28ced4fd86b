-- table: app.orders
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.orders (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'new');
INSERT INTO app.orders SELECT i, 's' || i FROM generate_series(1, 100) AS i;
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
GRANT USAGE ON SCHEMA app TO app_reader;
CREATE FUNCTION app.all_orders() RETURNS SETOF app.orders LANGUAGE sql STABLE ROWS 50 AS 'SELECT * FROM app.orders';
CREATE FUNCTION app.label(o app.orders, width integer DEFAULT 5, also boolean DEFAULT true) RETURNS text
  LANGUAGE sql IMMUTABLE COST 7 AS $$ SELECT lpad(($1).id::text, width) || ($1).state $$;
COMMENT ON FUNCTION app.label IS 'it''s a label';
CREATE FUNCTION app.label(integer) RETURNS text LANGUAGE sql AS 'SELECT $1::text';
CREATE FUNCTION other.label(o app.orders, width integer DEFAULT 6, also boolean DEFAULT true) RETURNS text
  LANGUAGE sql AS $$ SELECT 'other' $$;
CREATE FUNCTION app."sum Of"(app.orders[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
  $$ DECLARE o orders; n bigint := 0; BEGIN FOREACH o IN ARRAY $1 LOOP n := n + o.id; END LOOP; RETURN n; END $$;
ALTER FUNCTION app."sum Of" OWNER TO app_owner;
REVOKE EXECUTE ON FUNCTION app."sum Of" FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app."sum Of" TO app_reader WITH GRANT OPTION;
SET ROLE app_reader;
GRANT EXECUTE ON FUNCTION app."sum Of" TO app_writer;
RESET ROLE;
REVOKE ALL ON FUNCTION app.all_orders FROM PUBLIC;
CREATE PROCEDURE app.touch(INOUT o app.orders, note text) LANGUAGE plpgsql AS $$ BEGIN o.state := note; END $$;
CREATE FUNCTION app.pairs(OUT a app.orders, OUT b integer) RETURNS SETOF record LANGUAGE sql AS 'SELECT o, o.id FROM app.orders o';
CREATE FUNCTION app.table_of() RETURNS TABLE (o app.orders, n integer) LANGUAGE sql AS 'SELECT o, 1 FROM app.orders o';
CREATE FUNCTION app.replaced(app.orders) RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app_writer;
