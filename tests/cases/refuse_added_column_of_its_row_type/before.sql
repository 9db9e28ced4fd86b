-- table: app.t
-- PostgreSQL refuses a table that has itself as a column; the copy's column would have the source's type.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 100) AS i;
