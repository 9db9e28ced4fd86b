-- table: app.orders
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.customers (id integer PRIMARY KEY);
INSERT INTO app.customers SELECT i FROM generate_series(0, 96) AS i;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer NOT NULL REFERENCES app.customers ON DELETE CASCADE, parent integer REFERENCES app.orders ON DELETE SET NULL);
INSERT INTO app.orders SELECT i, i % 97, 1 + i / 2 FROM generate_series(1, 300) AS i;
CREATE TABLE app.lines (id integer PRIMARY KEY, order_id integer REFERENCES app.orders ON DELETE CASCADE);
INSERT INTO app.lines SELECT i, i FROM generate_series(1, 300) AS i;
GRANT SELECT, DELETE ON app.customers TO app_reader;
GRANT USAGE ON SCHEMA app TO app_reader;
RESET ROLE;
