-- table: app.t
-- settings: keep_old=24h
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY, v text UNIQUE);
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
