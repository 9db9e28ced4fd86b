-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, price numeric NOT NULL, gross numeric GENERATED ALWAYS AS (price * 2) STORED);
INSERT INTO app.t (id, price) SELECT i, i * 1.1 FROM generate_series(1, 300) AS i;
