-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (k uuid PRIMARY KEY, v text);
INSERT INTO app.t SELECT md5(i::text)::uuid, 'v' || i FROM generate_series(1, 600) AS i;
