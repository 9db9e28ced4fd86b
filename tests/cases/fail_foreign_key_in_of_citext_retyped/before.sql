-- table: app.tags
-- What is equal by citext is not so by text.
CREATE EXTENSION citext SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.tags (id integer PRIMARY KEY, slug public.citext NOT NULL UNIQUE);
INSERT INTO app.tags SELECT i, 'Tag' || i FROM generate_series(1, 100) AS i;
CREATE TABLE app.posts (id integer PRIMARY KEY, slug public.citext REFERENCES app.tags (slug));
INSERT INTO app.posts VALUES (1, 'Tag1'), (2, 'tag2');
