-- table: app.t
-- The owner of l no longer may refer to t: after the swap he could not add his key again.
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO app_owner;
CREATE TABLE app.t (id integer PRIMARY KEY, v integer);
CREATE TABLE app.l (id integer, t integer) PARTITION BY RANGE (id);
CREATE TABLE app.l_1 PARTITION OF app.l FOR VALUES FROM (0) TO (100);
ALTER TABLE app.l OWNER TO app_owner;
ALTER TABLE app.l_1 OWNER TO app_owner;
GRANT REFERENCES ON app.t TO app_owner;
SET ROLE app_owner;
ALTER TABLE app.l ADD CONSTRAINT l_t_fkey FOREIGN KEY (t) REFERENCES app.t;
RESET ROLE;
REVOKE REFERENCES ON app.t FROM app_owner;
INSERT INTO app.t VALUES (1, 1);
INSERT INTO app.l VALUES (1, 1);
