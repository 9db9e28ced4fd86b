-- table: app.t
-- PostgreSQL keeps the bitmap of an array's NULLs when there is none left, and does not send it.
CREATE SCHEMA app;
CREATE DOMAIN app.list AS integer[];
CREATE TABLE app.t (id integer PRIMARY KEY, a integer[], b app.list, v text);
INSERT INTO app.t SELECT i, ARRAY[i, NULL, 3], ARRAY[NULL, i], 'v' || i FROM generate_series(1, 500) i;
UPDATE app.t SET a[2] = 2, b = b[2:2] WHERE id % 2 = 0;
