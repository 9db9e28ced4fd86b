-- table: app.sales
CREATE SCHEMA app;
CREATE TABLE app.rates (rate numeric(10, 2) PRIMARY KEY);
INSERT INTO app.rates SELECT i FROM generate_series(1, 99) AS i;
INSERT INTO app.rates VALUES (100.25);
CREATE TABLE app.sales (id integer PRIMARY KEY, rate numeric(10, 2) REFERENCES app.rates);
INSERT INTO app.sales VALUES (1, 7), (2, 100.25);
