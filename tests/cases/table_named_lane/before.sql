-- table: app.lane
CREATE SCHEMA app;
CREATE TABLE app.lane (id int PRIMARY KEY, n int); INSERT INTO app.lane VALUES (1, 1);
