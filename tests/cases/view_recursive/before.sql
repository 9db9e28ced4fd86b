-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, parent integer, name text, v text);
INSERT INTO app.t SELECT i, NULLIF(i / 3, 0), 'n' || i, 'v' FROM generate_series(1, 300) AS i;
CREATE RECURSIVE VIEW app.tree (id, depth, path) AS SELECT id, 0, name FROM app.t WHERE parent IS NULL UNION ALL SELECT t.id, depth + 1, path || '/' || name FROM tree JOIN app.t ON t.parent = tree.id;
CREATE VIEW app.walk AS WITH RECURSIVE w AS (SELECT id, parent FROM app.t WHERE id = 1 UNION ALL SELECT t.id, t.parent FROM app.t, w WHERE t.parent = w.id) SEARCH DEPTH FIRST BY id SET place CYCLE id SET again USING path SELECT id, again FROM w;
