-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE TABLE app.log (id int, what text, m int);
CREATE RULE r AS ON UPDATE TO app.t DO ALSO INSERT INTO app.log SELECT NEW.id, 'x', -1;
CREATE RULE r2 AS ON DELETE TO app.t DO ALSO (INSERT INTO app.log VALUES (OLD.id, 'y', -2), (1, NULL, NULL); UPDATE app.log SET what = 'z' WHERE id = OLD.id);
