-- table: app.t
-- The sequence has a name of its own, and another table draws from it too.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text);
CREATE SEQUENCE app.counter AS integer INCREMENT 3 OWNED BY app.t.id;
ALTER TABLE app.t ALTER COLUMN id SET DEFAULT nextval('app.counter');
CREATE TABLE app.other_user (n integer DEFAULT nextval('app.counter'));
INSERT INTO app.t (v) SELECT 'v' || i FROM generate_series(1, 300) AS i;
