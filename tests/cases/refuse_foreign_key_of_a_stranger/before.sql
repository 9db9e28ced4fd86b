-- table: app.orders
-- user: app_daemon
-- Only the owner of the referencing table can make its key again.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA reader AUTHORIZATION app_reader;
GRANT USAGE ON SCHEMA app TO app_reader;
GRANT USAGE ON SCHEMA reader TO app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY);
INSERT INTO app.orders SELECT generate_series(1, 100);
GRANT REFERENCES ON app.orders TO app_reader;
RESET ROLE;
SET ROLE app_reader;
CREATE TABLE reader.notes (id integer PRIMARY KEY, order_id integer REFERENCES app.orders);
RESET ROLE;
