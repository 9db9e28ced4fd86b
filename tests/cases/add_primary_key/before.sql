-- table: app.codes
CREATE SCHEMA app;
CREATE TABLE app.codes (code text NOT NULL, v integer);
CREATE UNIQUE INDEX codes_code_idx ON app.codes (code);
INSERT INTO app.codes SELECT 'code ' || i, i FROM generate_series(1, 400) AS i;
