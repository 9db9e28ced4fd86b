-- table: app.t
-- Printed as "id WITH =", which is text's operator, although citext, where the key's own operators are, has one.
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE SCHEMA app;
CREATE TABLE app.t (id ext.citext PRIMARY KEY, r int4range, EXCLUDE USING gist (id WITH =, r WITH &&));
INSERT INTO app.t SELECT 'Key ' || i, int4range(i, i + 5) FROM generate_series(1, 200) AS i;
