-- table: app.t
-- user: app_daemon
-- The daemon's role acts as the owner, who may refer to the other table and no more: neither of them may lock it.
GRANT CREATE ON DATABASE :"DBNAME" TO app_daemon;
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
CREATE TABLE app.other (id integer PRIMARY KEY);
GRANT REFERENCES ON app.other TO app_owner;
SET ROLE app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer, other integer) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100);
INSERT INTO app.t VALUES (1, 1, NULL);
ALTER TABLE app.t ADD CONSTRAINT t_other_fkey FOREIGN KEY (other) REFERENCES app.other;
