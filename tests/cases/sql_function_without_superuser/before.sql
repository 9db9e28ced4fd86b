-- table: app.orders
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, v text);
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 300) AS i;
CREATE FUNCTION app.n() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.orders; END;
GRANT EXECUTE ON FUNCTION app.n() TO app_reader;
RESET ROLE;
