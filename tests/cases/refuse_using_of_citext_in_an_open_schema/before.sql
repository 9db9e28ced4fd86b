-- table: app.t
CREATE SCHEMA app;
CREATE EXTENSION citext;
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE TABLE app.t (id int PRIMARY KEY, status public.citext);
INSERT INTO app.t VALUES (1, 'Active'), (2, 'closed');
