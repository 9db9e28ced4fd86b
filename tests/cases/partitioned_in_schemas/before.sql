-- table: app.orders
-- user: app_daemon
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA app_parts AUTHORIZATION app_owner;
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer, v integer, "left out" text, PRIMARY KEY (id)) PARTITION BY HASH (id);
ALTER TABLE app.orders DROP COLUMN "left out";
CREATE TABLE app_parts.orders_0 PARTITION OF app.orders FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app_parts."Orders 1" PARTITION OF app.orders FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON app.orders (v);
GRANT SELECT ON app_parts.orders_0 TO app_reader;
INSERT INTO app.orders SELECT i, i FROM generate_series(1, 500) AS i;
