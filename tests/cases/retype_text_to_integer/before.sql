-- table: app.readings
CREATE SCHEMA app;
CREATE TABLE app.readings (id integer PRIMARY KEY, value text);
INSERT INTO app.readings SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE ' ' || i * 3 || ' ' END FROM generate_series(1, 500) AS i;
