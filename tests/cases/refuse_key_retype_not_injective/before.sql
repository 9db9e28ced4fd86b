-- table: app.t
-- 1.4 and 1.3 would become one row.
CREATE SCHEMA app;
CREATE TABLE app.t (id numeric PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 10) AS i;
