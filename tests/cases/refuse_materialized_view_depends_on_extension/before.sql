-- table: app.orders
CREATE EXTENSION citext;
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer);
CREATE MATERIALIZED VIEW app.totals AS SELECT customer, count(*) AS n FROM app.orders GROUP BY customer;
CREATE INDEX totals_idx ON app.totals (customer);
ALTER INDEX app.totals_idx DEPENDS ON EXTENSION citext;
