-- table: app.t
-- user: app_daemon
-- settings: keep_old=0s index_workers=1 index_memory=2MB wal_compression=on
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
CREATE INDEX t_v ON app.t (v);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
RESET ROLE;
