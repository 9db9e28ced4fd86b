-- table: app.orders
-- user: app_daemon
-- Only the publication's owner can put the new table into it.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, v text);
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 100) AS i;
RESET ROLE;
CREATE PUBLICATION changes FOR TABLE app.orders;
