-- table: app.readings
CREATE SCHEMA app;
CREATE TABLE app.readings (id integer PRIMARY KEY, value text);
INSERT INTO app.readings SELECT i, CASE WHEN i = 1234 THEN 'twelve' ELSE i::text END FROM generate_series(1, 2000) AS i;
