-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY, v text);
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
COMMENT ON SEQUENCE app.t_id_seq IS 'numbers of t';
GRANT USAGE, SELECT ON SEQUENCE app.t_id_seq TO app_writer;
