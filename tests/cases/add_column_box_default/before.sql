-- table: app.t
-- The only type of PostgreSQL's own whose arrays have another delimiter than a comma.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY);
INSERT INTO app.t SELECT generate_series(1, 100);
