-- table: app.t
CREATE SCHEMA app;
CREATE SEQUENCE app.counter;
CREATE TABLE app.t (id integer PRIMARY KEY DEFAULT nextval('app.counter'), v text);
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
