-- table: app."eidolon log 1"
CREATE SCHEMA app;
CREATE TABLE app."eidolon log 1" (id integer PRIMARY KEY);
