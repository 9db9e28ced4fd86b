-- table: app.log_1
CREATE SCHEMA app;
CREATE TABLE app.log_1 (id int PRIMARY KEY, n int); INSERT INTO app.log_1 VALUES (1, 1);
