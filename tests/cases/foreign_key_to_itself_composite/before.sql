-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (region text, id integer, parent_region text, parent integer, v text, PRIMARY KEY (region, id),
  CONSTRAINT "under" FOREIGN KEY (parent_region, parent) REFERENCES app.t ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO app.t SELECT 'r' || i % 3, i, CASE WHEN i > 3 THEN 'r' || i % 3 END, CASE WHEN i > 3 THEN i - 3 END, 'v' FROM generate_series(1, 300) AS i;
