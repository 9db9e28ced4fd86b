-- table: app.t
-- Names that would end a comment, a dollar quote or a string.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, a integer);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 100) AS i;
CREATE TABLE app."p
begin end--*/$lock$$$'q\" (id integer PRIMARY KEY, t integer REFERENCES app.t ON DELETE CASCADE) PARTITION BY RANGE (id);
CREATE TABLE app.p1 PARTITION OF app."p
begin end--*/$lock$$$'q\" DEFAULT;
INSERT INTO app.p1 SELECT i, i FROM generate_series(1, 50) AS i;
