-- table: app.t
-- versions: 15 15
-- user: app_daemon
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA app_parts AUTHORIZATION app_owner;
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
ALTER DATABASE :"DBNAME" SET session_preload_libraries = :'LABEL_PROVIDER';
LOAD :'LABEL_PROVIDER';
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer) PARTITION BY RANGE (id);
CREATE TABLE app_parts.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100);
CREATE TABLE app.t_2 PARTITION OF app.t DEFAULT;
SECURITY LABEL FOR "eidolon test" ON TABLE app.t IS 'of the table';
SECURITY LABEL FOR "eidolon test" ON TABLE app_parts.t_1 IS 'of the first';
SECURITY LABEL FOR "eidolon test" ON COLUMN app_parts.t_1.v IS 'of its column';
SECURITY LABEL FOR "eidolon test" ON TYPE app.t_2 IS 'a row of the second';
INSERT INTO app.t SELECT i, i FROM generate_series(1, 500) AS i;
