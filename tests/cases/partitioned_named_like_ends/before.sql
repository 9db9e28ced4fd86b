-- table: app."p--*/$lock$$$'q\\"
CREATE SCHEMA app;
CREATE TABLE app."p--*/$lock$$$'q\\" (id integer PRIMARY KEY, a integer) PARTITION BY RANGE (id);
CREATE TABLE app."1--*/$lock$$$'q\\" PARTITION OF app."p--*/$lock$$$'q\\" DEFAULT;
INSERT INTO app."p--*/$lock$$$'q\\" SELECT i, i FROM generate_series(1, 100) AS i;
