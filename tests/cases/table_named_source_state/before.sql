-- table: app.source_state
CREATE SCHEMA app;
CREATE TABLE app.source_state (id int PRIMARY KEY, n int); INSERT INTO app.source_state VALUES (1, 1);
