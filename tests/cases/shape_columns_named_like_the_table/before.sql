-- table: app.t
-- Names that a careless expression would confuse: with the table, with an alias, with system columns' uses, with excluded.
CREATE SCHEMA app;
CREATE TABLE app.t (t integer PRIMARY KEY, excluded text, old integer, new integer, source integer, ghost text, k integer, s text, g text, app integer);
INSERT INTO app.t SELECT i, 'e' || i, i, i, i, 'g' || i, i, 's', 'g', i FROM generate_series(1, 300) AS i;
