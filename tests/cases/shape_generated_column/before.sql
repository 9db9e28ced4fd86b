-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (
  id integer PRIMARY KEY,
  price numeric NOT NULL,
  gross numeric GENERATED ALWAYS AS (round(price * 1.19, 2)) STORED,
  label text GENERATED ALWAYS AS (upper('id ' || id::text)) STORED,
  v integer
);
CREATE INDEX t_gross_idx ON app.t (gross);
INSERT INTO app.t (id, price, v) SELECT i, i * 1.1, i FROM generate_series(1, 300) AS i;
