-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (f double precision, at timestamptz, v text, PRIMARY KEY (f, at));
INSERT INTO app.t SELECT i / 3.0::float8, timestamptz '2026-01-01 00:00+00' + i * interval '1.234567 s', 'x' FROM generate_series(1, 500) AS i;
INSERT INTO app.t VALUES ('NaN', 'infinity', 'a'), ('-Infinity', '-infinity', 'b'), ('-0', '2026-01-01 00:00+00', 'minus zero');
