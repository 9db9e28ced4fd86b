-- table: app.t
-- json has no equality: nothing may compare it with one.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, j json, x xml, pt point, pol polygon);
INSERT INTO app.t SELECT i, '{"a":  1, "a": 2}', '<a/>', '(1,2)', '((0,0),(1,1),(1,0))' FROM generate_series(1, 200) AS i;
