-- table: app.t
-- The tenant divides the rows; the actions leave it alone.
CREATE SCHEMA app;
CREATE TABLE app.tenants (id integer PRIMARY KEY);
CREATE TABLE app.customers (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer NOT NULL, tenant integer NOT NULL REFERENCES app.tenants ON DELETE CASCADE,
                    customer integer REFERENCES app.customers ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE, v integer,
                    PRIMARY KEY (id, tenant)) PARTITION BY LIST (tenant);
CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES IN (1);
CREATE TABLE app.t_2 PARTITION OF app.t DEFAULT;
INSERT INTO app.tenants VALUES (1), (2), (3);
INSERT INTO app.customers SELECT generate_series(1, 10);
INSERT INTO app.t SELECT i, 1 + i % 3, 1 + i % 10, i FROM generate_series(1, 300) AS i;
