-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE TABLE app.log (id int);
CREATE RULE r AS ON UPDATE TO app.t WHERE NEW.kind IN ('a', 'b') DO ALSO INSERT INTO app.log VALUES (NEW.id);
