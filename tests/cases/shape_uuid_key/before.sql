-- table: app.sessions
CREATE SCHEMA app;
CREATE TABLE app.sessions (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n integer);
INSERT INTO app.sessions SELECT md5(i::text)::uuid, i FROM generate_series(1, 1000) AS i;
