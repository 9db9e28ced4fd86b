-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.a (id smallint PRIMARY KEY, name varchar(20) UNIQUE);
INSERT INTO app.a SELECT i, 'n' || i FROM generate_series(0, 9) AS i;
CREATE TABLE app.t (id bigint PRIMARY KEY, a_id integer REFERENCES app.a, a_name text REFERENCES app.a (name) ON UPDATE CASCADE);
INSERT INTO app.t SELECT i, i % 10, 'n' || i % 10 FROM generate_series(1, 300) AS i;
CREATE TABLE app.child (id integer PRIMARY KEY, t_id smallint REFERENCES app.t, again integer REFERENCES app.t);
INSERT INTO app.child SELECT i, i, i FROM generate_series(1, 100) AS i;
