-- table: app.t
CREATE SCHEMA app;
SELECT format('CREATE TABLE app.to_%s (id integer PRIMARY KEY)', i) FROM generate_series(1, 12) AS i \gexec
SELECT format('INSERT INTO app.to_%s SELECT generate_series(0, 99)', i) FROM generate_series(1, 12) AS i \gexec
CREATE TABLE app.t (id integer PRIMARY KEY, parent integer REFERENCES app.t, root integer REFERENCES app.t ON DELETE CASCADE, v integer);
SELECT format('ALTER TABLE app.t ADD COLUMN c%s integer REFERENCES app.to_%s ON DELETE %s', i, i, (ARRAY['CASCADE', 'SET NULL', 'RESTRICT'])[1 + i % 3]) FROM generate_series(1, 12) AS i \gexec
INSERT INTO app.t SELECT i, 1, 1, i, i % 97, i % 96, i % 95, i % 94, i % 93, i % 92, i % 91, i % 90, i % 89, i % 88, i % 87, i % 86 FROM generate_series(1, 200) AS i;
SELECT format('CREATE TABLE app.from_%s (id integer PRIMARY KEY, t_id integer REFERENCES app.t ON DELETE %s%s)', i,
              (ARRAY['CASCADE', 'SET NULL', 'NO ACTION'])[1 + i % 3], CASE WHEN i % 4 = 0 THEN ' DEFERRABLE' ELSE '' END) FROM generate_series(1, 25) AS i \gexec
SELECT format('INSERT INTO app.from_%s SELECT i, i FROM generate_series(2, 60) AS i', i) FROM generate_series(1, 25) AS i \gexec
