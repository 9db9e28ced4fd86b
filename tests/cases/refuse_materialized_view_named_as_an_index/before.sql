-- table: app.t
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.t (id integer PRIMARY KEY);
CREATE MATERIALIZED VIEW other.t_pkey AS SELECT id FROM app.t;
