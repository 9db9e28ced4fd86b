-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO app.t (v) SELECT 'v' FROM generate_series(1, 300);
SELECT setval('app.t_id_seq', 5000);
