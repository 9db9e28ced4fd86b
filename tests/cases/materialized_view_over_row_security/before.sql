-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20), n int);
INSERT INTO app.t VALUES (1, $$a$$, 5), (2, $$b$$, 6);
CREATE TABLE app.o (id int, n int); ALTER TABLE app.o ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON app.o USING (n > 1);
INSERT INTO app.o VALUES (1, 1), (2, 2);
DO $$ BEGIN CREATE ROLE mv_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE, CREATE ON SCHEMA app TO mv_owner; GRANT SELECT ON ALL TABLES IN SCHEMA app TO mv_owner;
CREATE MATERIALIZED VIEW app.m AS SELECT t.id, o.n FROM app.t JOIN app.o USING (id);
ALTER MATERIALIZED VIEW app.m OWNER TO mv_owner; REFRESH MATERIALIZED VIEW app.m;
