-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
CREATE TABLE app.lines (order_id integer);
CREATE RULE again AS ON INSERT TO app.lines DO ALSO INSERT INTO app.orders (id, amount) VALUES (new.order_id, 0);
