-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int); INSERT INTO app.t VALUES (1, 1); CREATE INDEX step ON app.t (n); CREATE INDEX lane ON app.t (n, id);
