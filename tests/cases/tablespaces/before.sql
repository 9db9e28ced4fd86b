-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY USING INDEX TABLESPACE "Other space", customer integer, note text UNIQUE)
  TABLESPACE "Other space";
CREATE INDEX ON app.orders (customer) TABLESPACE "Other space";
CREATE INDEX "in the default one" ON app.orders (note DESC) WITH (fillfactor = 60);
INSERT INTO app.orders SELECT i, i % 7, 'n' || i FROM generate_series(1, 300) AS i;
CREATE MATERIALIZED VIEW app.totals TABLESPACE "Other space" AS SELECT customer, count(*) AS n FROM app.orders GROUP BY customer;
CREATE UNIQUE INDEX totals_idx ON app.totals (customer) TABLESPACE "Other space";
