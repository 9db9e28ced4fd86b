-- table: app.t
CREATE SCHEMA app;
CREATE EXTENSION citext;
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE TABLE app.t (id int PRIMARY KEY, email public.citext NOT NULL);
CREATE TABLE app.o (id int PRIMARY KEY, email public.citext NOT NULL);
CREATE VIEW app.joined AS SELECT t.id FROM app.t JOIN app.o USING (email);
