-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, code text UNIQUE, region integer, number integer, v text, UNIQUE (region, number));
INSERT INTO app.t SELECT i, 'c' || i, i % 5, i, 'v' FROM generate_series(1, 200) AS i;
CREATE TABLE app.by_id (id integer PRIMARY KEY REFERENCES app.t);
CREATE TABLE app.by_code (id integer PRIMARY KEY, code text REFERENCES app.t (code) ON UPDATE CASCADE);
CREATE TABLE app.by_pair (id integer PRIMARY KEY, n integer, r integer, FOREIGN KEY (n, r) REFERENCES app.t (number, region));
INSERT INTO app.by_id SELECT i FROM generate_series(1, 50) AS i;
INSERT INTO app.by_code SELECT i, 'c' || i FROM generate_series(1, 50) AS i;
INSERT INTO app.by_pair SELECT i, i, i % 5 FROM generate_series(1, 50) AS i;
