-- table: app.users
CREATE SCHEMA app;
CREATE COLLATION app.no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE app.users (name text COLLATE app.no_case PRIMARY KEY, full_name text COLLATE "de-x-icu");
INSERT INTO app.users SELECT CASE WHEN i % 2 = 0 THEN upper('User ' || i) ELSE 'ü''ser\' || i END, 'N' || i FROM generate_series(1, 500) AS i;
