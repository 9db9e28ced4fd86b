-- table: app.t
-- versions: 18 99
CREATE SCHEMA app;
CREATE TABLE app.o (id int PRIMARY KEY);
CREATE TABLE app.t (id int PRIMARY KEY, o int REFERENCES app.o NOT ENFORCED);
INSERT INTO app.t VALUES (1, 7);
