-- table: app.t
-- versions: 18 99
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, v int);
INSERT INTO app.t VALUES (1, NULL), (2, 2);
ALTER TABLE app.t ADD CONSTRAINT filled NOT NULL v NOT VALID;
