-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
CREATE TABLE app.lines (order_id integer);
CREATE POLICY visible ON app.lines USING (EXISTS (SELECT FROM app.orders WHERE orders.id = order_id AND amount > 0));
