-- table: app.docs
CREATE SCHEMA app;
CREATE TABLE app.docs (id integer PRIMARY KEY, plain text, external text, compressed bytea, parts text[]);
ALTER TABLE app.docs ALTER COLUMN external SET STORAGE EXTERNAL;
INSERT INTO app.docs
SELECT i, repeat(md5(i::text), 200), repeat(md5(i::text), 300), decode(repeat(md5(i::text), 400), 'hex'), ARRAY[repeat('x', 5000), NULL, md5(i::text)]
FROM generate_series(1, 60) AS i;
