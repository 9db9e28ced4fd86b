-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON app.t FOR EACH ROW WHEN (NEW.kind IN ('a', 'b')) EXECUTE FUNCTION app.f();
