-- table: app.measured
-- no load: its own PL/pgSQL function does not pass the checks that plpgsql.extra_errors asks for
-- Settings that decide how constants are printed and read. pg_dump has its own, so it tells what became of them.
CREATE SCHEMA app;
CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.measured (
  at float8, until timestamptz, took interval DEFAULT '-1 day +02:03:04', raw bytea DEFAULT '\x00ff5c', body xml DEFAULT '<a/>text',
  ratio real DEFAULT '0.123456789'::real, list integer[] DEFAULT '{1,NULL}', "select" integer,
  day date DEFAULT '2026-02-01', id integer,
  CHECK (at < '99.123456789012345678'::float8), CHECK (until < '2126-02-01 03:04:05.678901+00'),
  PRIMARY KEY (at, until, id)
) PARTITION BY RANGE (at, until);
CREATE TABLE app.low PARTITION OF app.measured FOR VALUES FROM (MINVALUE, MINVALUE) TO (0.12345678901234568, '2026-03-29 00:00+00');
CREATE TABLE app.high PARTITION OF app.measured FOR VALUES FROM (0.12345678901234568, '2026-03-29 00:00+00') TO (7.000000000000001, MAXVALUE);
CREATE INDEX ON app.measured (id) WHERE at > '0.30000000000000004'::float8 AND took > '-1 day +02:03:04' AND until > '2026-02-01 03:04+00';
CREATE INDEX as_text ON app.measured ((at::text));
CREATE STATISTICS app.expressions ON (at * '0.30000000000000004'::float8), id FROM app.measured;
CREATE VIEW app.some AS SELECT id FROM app.measured WHERE at > '0.30000000000000004'::float8 AND until > '2026-02-01 03:04+00' AND list <> '{1,NULL}';
CREATE FUNCTION app.many() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM app.measured WHERE at > '0.30000000000000004'::float8 AND until > '2026-02-01 03:04+00'; END;
ALTER TABLE app.measured ENABLE ROW LEVEL SECURITY;
CREATE POLICY late ON app.measured USING (until > '2026-02-01 03:04+00' AND took > '-1 day +02:03:04');
INSERT INTO app.measured (at, until, id)
SELECT x.at, timestamptz '2026-03-29 00:00+00' + i * interval '17 minutes', i
FROM generate_series(-20, 20) AS i, (VALUES (0.12345678901234567::float8), (0.12345678901234568::float8), (0.1 + 0.2::float8)) AS x (at);

ALTER DATABASE :"DBNAME" SET TimeZone = 'Asia/Kolkata';
ALTER DATABASE :"DBNAME" SET DateStyle = 'SQL, DMY';
ALTER DATABASE :"DBNAME" SET IntervalStyle = 'sql_standard';
ALTER DATABASE :"DBNAME" SET bytea_output = 'escape';
ALTER DATABASE :"DBNAME" SET extra_float_digits = 0;
ALTER DATABASE :"DBNAME" SET array_nulls = off;
ALTER DATABASE :"DBNAME" SET transform_null_equals = on;
ALTER DATABASE :"DBNAME" SET xmlbinary = 'hex';
ALTER DATABASE :"DBNAME" SET default_table_access_method = 'other';
ALTER DATABASE :"DBNAME" SET quote_all_identifiers = on;
ALTER DATABASE :"DBNAME" SET default_toast_compression = 'pglz';
ALTER DATABASE :"DBNAME" SET default_text_search_config = 'pg_catalog.german';
ALTER DATABASE :"DBNAME" SET check_function_bodies = off;
ALTER DATABASE :"DBNAME" SET plpgsql.variable_conflict = 'use_variable';
ALTER DATABASE :"DBNAME" SET plpgsql.extra_errors = 'all';
ALTER ROLE CURRENT_USER IN DATABASE :"DBNAME" SET extra_float_digits = -2;
ALTER ROLE CURRENT_USER IN DATABASE :"DBNAME" SET xmloption = 'document';
ALTER ROLE CURRENT_USER IN DATABASE :"DBNAME" SET standard_conforming_strings = on;
ALTER ROLE CURRENT_USER IN DATABASE :"DBNAME" SET backslash_quote = off;
ALTER ROLE CURRENT_USER IN DATABASE :"DBNAME" SET default_tablespace = 'Other space';
