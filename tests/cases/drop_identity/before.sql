-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
