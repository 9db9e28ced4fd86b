-- table: app.orders
-- user: app_daemon
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA reader AUTHORIZATION app_reader;
GRANT USAGE ON SCHEMA app TO app_reader;
GRANT USAGE ON SCHEMA reader TO app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id integer PRIMARY KEY, v text);
INSERT INTO app.orders SELECT i, 'v' FROM generate_series(1, 100) AS i;
GRANT SELECT, REFERENCES, TRIGGER, INSERT ON app.orders TO app_reader;
RESET ROLE;
SET ROLE app_reader;
CREATE TABLE reader.notes (id integer);
CREATE RULE again AS ON INSERT TO reader.notes DO ALSO INSERT INTO app.orders VALUES (new.id);
RESET ROLE;
