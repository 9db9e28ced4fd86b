-- table: app.orders
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, customer integer, amount numeric, note text);
INSERT INTO app.orders SELECT i, i % 9, i * 1.25, 'n' FROM generate_series(1, 100) AS i;
CREATE SCHEMA more;
CREATE TABLE app.lines (order_id integer);
CREATE TABLE more.lines (order_id integer);
CREATE POLICY visible ON app.lines USING (order_id IN (SELECT id FROM app.orders));
CREATE POLICY visible ON more.lines USING (order_id IN (SELECT id FROM app.orders));
