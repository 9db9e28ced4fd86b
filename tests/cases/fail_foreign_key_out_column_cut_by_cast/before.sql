-- table: app.posts
-- A cast that is written down cuts off, and what is left refers to nothing.
CREATE SCHEMA app;
CREATE TABLE app.codes (code varchar(10) PRIMARY KEY);
INSERT INTO app.codes VALUES ('abc'), ('defg');
CREATE TABLE app.posts (id integer PRIMARY KEY, code varchar(10) REFERENCES app.codes);
INSERT INTO app.posts SELECT i, CASE WHEN i = 50 THEN 'defg' ELSE 'abc' END FROM generate_series(1, 100) AS i;
