-- table: app.t
CREATE SCHEMA app;
CREATE SCHEMA other;
GRANT USAGE ON SCHEMA app TO app_owner;
CREATE TABLE other.r (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer PRIMARY KEY, v integer, r integer REFERENCES other.r) PARTITION BY RANGE (id);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (100);
ALTER TABLE app.t OWNER TO app_owner;
ALTER TABLE app.t_1 OWNER TO app_owner;
GRANT REFERENCES ON other.r TO app_owner;
INSERT INTO other.r VALUES (1);
INSERT INTO app.t VALUES (1, 1, 1);
