-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
ALTER TABLE app.orders ADD CHECK (orders IS NOT NULL);
