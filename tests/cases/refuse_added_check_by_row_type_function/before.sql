-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, parent integer);
INSERT INTO app.t SELECT i, nullif(i - 1, 0) FROM generate_series(1, 100) i;
CREATE FUNCTION app.find(integer) RETURNS app.t LANGUAGE plpgsql STABLE AS
  'DECLARE found app.t; BEGIN SELECT * INTO found FROM app.t WHERE id = $1; RETURN found; END';
