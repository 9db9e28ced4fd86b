-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
CREATE VIEW app.large AS SELECT id, amount FROM app.orders WHERE amount > 10;
CREATE MATERIALIZED VIEW app.totals AS SELECT count(*), sum(amount) FROM app.large;
GRANT SELECT ON app.totals TO app_reader;
