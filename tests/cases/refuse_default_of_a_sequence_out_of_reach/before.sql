-- table: app.orders
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO app_owner;
GRANT USAGE, CREATE ON SCHEMA app TO app_daemon;
CREATE SEQUENCE app.numbers;
GRANT USAGE ON app.numbers TO app_daemon;
CREATE TABLE app.orders (id integer PRIMARY KEY, note text);
INSERT INTO app.orders SELECT i, 'n' || i FROM generate_series(1, 100) AS i;
ALTER TABLE app.orders OWNER TO app_owner;
