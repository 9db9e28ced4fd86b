-- table: app.t
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, kind varchar(20) DEFAULT 'a' CHECK (kind IN ('a', 'b')), g boolean GENERATED ALWAYS AS (kind IN ('a','b')) STORED, ar text[] DEFAULT (ARRAY['a'::varchar])::text[], n int);
ALTER TABLE app.t ADD CONSTRAINT nv CHECK (kind NOT IN ('q', 'r')) NOT VALID;
INSERT INTO app.t VALUES (1), (2);
