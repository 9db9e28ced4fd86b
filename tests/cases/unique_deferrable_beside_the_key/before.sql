-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text, CONSTRAINT once UNIQUE (id) DEFERRABLE);
INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 300) AS i;
