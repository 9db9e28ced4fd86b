-- table: app.posts
-- Casts that may cut off, round, or compare in another way, and leave no row without a partner here.
CREATE EXTENSION citext SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.codes (code varchar(10) PRIMARY KEY);
INSERT INTO app.codes VALUES ('abc'), ('defg');
CREATE TABLE app.rates (rate numeric(10, 2) PRIMARY KEY);
INSERT INTO app.rates SELECT i FROM generate_series(1, 100) AS i;
CREATE TABLE app.posts (
  id integer PRIMARY KEY,
  code varchar(10) REFERENCES app.codes,
  slug public.citext NOT NULL UNIQUE,
  rate numeric(10, 2) REFERENCES app.rates
);
INSERT INTO app.posts SELECT i, 'abc', 'tag' || i, i FROM generate_series(1, 100) AS i;
CREATE TABLE app.comments (id integer PRIMARY KEY, slug public.citext REFERENCES app.posts (slug));
INSERT INTO app.comments SELECT i, 'tag' || i FROM generate_series(1, 100) AS i;
