-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.a (region text, id integer, PRIMARY KEY (region, id));
INSERT INTO app.a SELECT 'r' || i % 3, i FROM generate_series(1, 30) AS i;
CREATE TABLE app.t (region text, id integer, a_region text, a_id integer, PRIMARY KEY (region, id),
  CONSTRAINT both_or_none FOREIGN KEY (a_region, a_id) REFERENCES app.a MATCH FULL ON DELETE SET NULL);
INSERT INTO app.t SELECT 'r' || i % 3, i, CASE WHEN i <= 30 THEN 'r' || i % 3 END, CASE WHEN i <= 30 THEN i END FROM generate_series(1, 300) AS i;
CREATE TABLE app.child (id integer PRIMARY KEY, region text, t_id integer, FOREIGN KEY (region, t_id) REFERENCES app.t (region, id) MATCH FULL ON UPDATE CASCADE);
INSERT INTO app.child SELECT i, 'r' || i % 3, i FROM generate_series(1, 50) AS i;
INSERT INTO app.child VALUES (100, NULL, NULL);
