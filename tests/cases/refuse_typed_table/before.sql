-- table: app.t
CREATE SCHEMA app;
CREATE TYPE app.shape AS (id integer, v text);
CREATE TABLE app.t OF app.shape (PRIMARY KEY (id));
