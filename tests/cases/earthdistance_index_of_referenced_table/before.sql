-- table: app.t
REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- as from PostgreSQL 15 on
CREATE SCHEMA app;
CREATE EXTENSION cube; CREATE EXTENSION earthdistance;
CREATE TABLE app.place (id int PRIMARY KEY, lat float, lng float); CREATE INDEX ON app.place USING gist (ll_to_earth(lat, lng));
CREATE TABLE app.t (id int PRIMARY KEY, place int REFERENCES app.place);
INSERT INTO app.place VALUES (1, 5, 6); INSERT INTO app.t VALUES (1,1);
