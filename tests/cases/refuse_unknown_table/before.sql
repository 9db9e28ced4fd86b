-- table: app.orders
CREATE SCHEMA app;
