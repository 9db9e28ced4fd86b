-- table: app.orders
-- versions: 15 99
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon, app_owner;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, v text);
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 300) AS i;
CREATE PUBLICATION changes FOR TABLE app.orders (id) WHERE (id > 5);
RESET ROLE;
