-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, who name);
INSERT INTO app.t SELECT i, CASE i % 2 WHEN 0 THEN 'app_owner' ELSE 'somebody' END FROM generate_series(1, 100) AS i;
ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.t USING (who = current_user);
GRANT USAGE, CREATE ON SCHEMA app TO app_owner;
GRANT SELECT ON app.t TO app_owner;
SET ROLE app_owner;
CREATE MATERIALIZED VIEW app.mine AS SELECT * FROM app.t;
RESET ROLE;
