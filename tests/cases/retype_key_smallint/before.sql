-- table: app.small
CREATE SCHEMA app;
CREATE TABLE app.small (id smallint PRIMARY KEY, v text);
INSERT INTO app.small SELECT i, 'v' || i FROM generate_series(-300, 300) AS i;
