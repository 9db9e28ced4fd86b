-- table: app.t
CREATE SCHEMA app;
CREATE UNLOGGED TABLE app.t (id integer PRIMARY KEY, v text);
