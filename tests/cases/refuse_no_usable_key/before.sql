-- table: app.t
-- Unique, but not on every row: NULLs, a condition, an expression.
CREATE SCHEMA app;
CREATE TABLE app.t (a integer UNIQUE, b text NOT NULL);
CREATE UNIQUE INDEX t_b_idx ON app.t (b) WHERE a > 0;
CREATE UNIQUE INDEX t_lower_idx ON app.t (lower(b));
INSERT INTO app.t SELECT i, 'b' || i FROM generate_series(1, 10) AS i;
