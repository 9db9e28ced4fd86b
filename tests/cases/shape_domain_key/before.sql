-- table: app.t
CREATE SCHEMA app;
CREATE DOMAIN app.identifier AS integer CHECK (VALUE > 0);
CREATE TABLE app.t (id app.identifier PRIMARY KEY, v integer);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 300) AS i;
