-- table: app.t
-- FORCE hides every row from the owner, under whose name the copy runs.
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, v text);
INSERT INTO app.t SELECT i, 'v' FROM generate_series(1, 300) AS i;
ALTER TABLE app.t OWNER TO app_owner;
ALTER TABLE app.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
