-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int, n int, CONSTRAINT step_pkey PRIMARY KEY (id)); INSERT INTO app.t VALUES (1, 1); CREATE INDEX lane_pkey ON app.t (n); CREATE INDEX log_1 ON app.t (n, id);
