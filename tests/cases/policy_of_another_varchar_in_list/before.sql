-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE TABLE app.o (id int); ALTER TABLE app.o ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON app.o USING (EXISTS (SELECT FROM app.t WHERE t.id = o.id AND kind IN ('a', 'b')));
