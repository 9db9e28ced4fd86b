-- table: app.t
-- versions: 18 99
CREATE SCHEMA app;
CREATE EXTENSION btree_gist;
CREATE TABLE app.t (id int PRIMARY KEY, room int, during daterange, CONSTRAINT free UNIQUE (room, during WITHOUT OVERLAPS));
INSERT INTO app.t VALUES (1, 1, '[2026-01-01,2026-02-01)');
