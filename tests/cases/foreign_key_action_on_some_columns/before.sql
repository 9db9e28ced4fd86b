-- table: app.t
-- versions: 15 99
CREATE SCHEMA app;
CREATE TABLE app.t (tenant integer, id integer, v text, PRIMARY KEY (tenant, id));
INSERT INTO app.t SELECT i % 3, i, 'v' FROM generate_series(1, 300) AS i;
CREATE TABLE app.notes (id integer PRIMARY KEY, tenant integer NOT NULL, t_id integer, d integer DEFAULT 3,
  FOREIGN KEY (tenant, t_id) REFERENCES app.t ON DELETE SET NULL (t_id),
  FOREIGN KEY (tenant, d) REFERENCES app.t ON DELETE SET DEFAULT (d));
INSERT INTO app.notes SELECT i, i % 3, i, NULL FROM generate_series(1, 100) AS i;
UPDATE app.notes SET d = 6 WHERE id = 30;
