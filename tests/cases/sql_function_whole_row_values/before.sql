-- table: app.orders
-- PostgreSQL prints a whole row among the values that are selected with its type.
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer PRIMARY KEY, note text, amount integer);
INSERT INTO app.orders SELECT i, 'n' || i, i % 7 FROM generate_series(1, 500) AS i;
CREATE FUNCTION app.rows() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(whole) FROM (SELECT o AS whole FROM app.orders o) q; END;
CREATE FUNCTION app.one() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT (SELECT orders FROM app.orders WHERE id = 3)::text; END;
CREATE VIEW app.counted AS SELECT count(whole) AS n FROM (SELECT o AS whole FROM app.orders o) q;
