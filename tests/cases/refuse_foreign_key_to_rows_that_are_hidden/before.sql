-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.p (id integer PRIMARY KEY);
INSERT INTO app.p SELECT generate_series(1, 10);
CREATE TABLE app.t (id integer PRIMARY KEY, p integer REFERENCES app.p);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 10) AS i;
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
ALTER TABLE app.p OWNER TO app_owner;
ALTER TABLE app.t OWNER TO app_owner;
ALTER TABLE app.p ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY few ON app.p USING (id < 5);
