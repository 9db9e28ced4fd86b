-- table: app.t
-- versions: 16 99
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, v text);
CREATE INDEX documents ON app.t (id) WHERE v IS JSON;
INSERT INTO app.t VALUES (1, '{}');
