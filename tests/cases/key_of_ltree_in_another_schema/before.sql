-- table: app.t
-- Only where the extension is has the key's type its operators, and verification compares more than one range.
CREATE SCHEMA ext;
CREATE EXTENSION ltree SCHEMA ext;
CREATE SCHEMA app;
CREATE TABLE app.t (path ext.ltree PRIMARY KEY, n integer);
INSERT INTO app.t SELECT ('top.n' || i)::ext.ltree, i FROM generate_series(1, 25000) AS i;
