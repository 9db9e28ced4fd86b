-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, code integer CONSTRAINT t_code UNIQUE, parent integer REFERENCES app.t (code));
INSERT INTO app.t SELECT i, i, 1 FROM generate_series(1, 300) AS i;
