-- table: app.t
-- The type of the table _t has the name that the array type of t would otherwise have had.
CREATE SCHEMA app;
CREATE TABLE app._t (id integer PRIMARY KEY);
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t VALUES (1);
