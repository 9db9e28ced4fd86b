-- table: app.t
-- Two keys may be one after their ends are cut off; which rows there are is not known beforehand.
CREATE SCHEMA app;
CREATE TABLE app.t (id text PRIMARY KEY, v text);
INSERT INTO app.t SELECT 'k' || i, 'v' FROM generate_series(1, 100) AS i;
