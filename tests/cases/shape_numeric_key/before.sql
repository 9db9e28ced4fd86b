-- table: app.t
-- Equal keys have different images: 1.0 and 1.00.
CREATE SCHEMA app;
CREATE TABLE app.t (id numeric PRIMARY KEY, v text);
INSERT INTO app.t SELECT (i || '.' || repeat('0', i % 4 + 1))::numeric, i::text FROM generate_series(1, 500) AS i;
INSERT INTO app.t VALUES ('NaN', 'not a number'), ('Infinity', 'endless');
