-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int); INSERT INTO app.t VALUES (1, 1); CREATE VIEW app.step AS SELECT * FROM app.t; CREATE MATERIALIZED VIEW app.lane AS SELECT * FROM app.t;
