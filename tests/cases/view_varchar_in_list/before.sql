-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE VIEW app.v AS SELECT id FROM app.t WHERE kind IN ('a', 'b');
