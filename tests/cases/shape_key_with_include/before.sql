-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer, payload text, v integer, PRIMARY KEY (id) INCLUDE (payload) WITH (fillfactor = 60));
INSERT INTO app.t SELECT i, 'p' || i, i FROM generate_series(1, 300) AS i;
