-- table: app.step
CREATE SCHEMA app;
CREATE TABLE app.step (id int PRIMARY KEY, n int); INSERT INTO app.step VALUES (1, 1);
