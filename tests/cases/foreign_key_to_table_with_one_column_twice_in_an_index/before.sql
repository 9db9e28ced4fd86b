-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.o (id integer PRIMARY KEY, a text);
CREATE UNIQUE INDEX twice ON app.o (a COLLATE "C", a);
INSERT INTO app.o SELECT i, 'a' || i FROM generate_series(1, 10) AS i;
CREATE TABLE app.t (id integer PRIMARY KEY, o integer REFERENCES app.o);
INSERT INTO app.t SELECT i, 1 + i % 10 FROM generate_series(1, 100) AS i;
