-- settings: keep_old=0s verify=off
-- table: app."log_2024"
CREATE SCHEMA app;
CREATE TABLE app."log_2024" (id int PRIMARY KEY, n int); INSERT INTO app."log_2024" SELECT g, g FROM generate_series(1, 1000) g;
