-- table: app.orders
CREATE SCHEMA app;
CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.orders (id integer PRIMARY KEY) USING other;
