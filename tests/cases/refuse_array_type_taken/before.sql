-- table: app.t
-- The array type of the older table _t has the name that PostgreSQL would give to that of the new t.
CREATE SCHEMA app;
CREATE TABLE app._t (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t VALUES (1);
