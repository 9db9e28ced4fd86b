-- table: app.users
-- The primary key is a foreign key itself, and referenced.
CREATE SCHEMA app;
CREATE TABLE app.people (id integer PRIMARY KEY, name text);
INSERT INTO app.people SELECT i, 'p' || i FROM generate_series(1, 300) AS i;
CREATE TABLE app.users (id integer PRIMARY KEY REFERENCES app.people ON DELETE CASCADE, login text);
INSERT INTO app.users SELECT i, 'u' || i FROM generate_series(1, 200) AS i;
CREATE TABLE app.admins (id integer PRIMARY KEY REFERENCES app.users ON DELETE CASCADE);
INSERT INTO app.admins SELECT i FROM generate_series(1, 20) AS i;
