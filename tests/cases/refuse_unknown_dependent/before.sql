-- table: app.orders
-- A constant of another table's default means the table itself.
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY);
CREATE TABLE app.log (what regclass DEFAULT 'app.orders'::regclass);
