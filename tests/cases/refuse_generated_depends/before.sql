-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, price numeric, gross numeric GENERATED ALWAYS AS (price * 2) STORED);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 10) AS i;
