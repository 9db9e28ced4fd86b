-- table: app.t
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE app.point3 AS (x integer, y numeric, label text);
CREATE DOMAIN app.short AS varchar(10) NOT NULL DEFAULT 'd' CHECK (VALUE <> 'bad');
CREATE TABLE app.t (
  id integer PRIMARY KEY,
  ints integer[], matrix numeric[][], words text[], j json, jb jsonb, n numeric, f double precision, r real,
  d date, at timestamp, zoned timestamptz, span interval, s text, c char(5), vc varchar(5), b boolean, bits bit varying(20), raw bytea,
  mood app.mood, moods app.mood[], p app.point3, ps app.point3[], short app.short, rng int4range, mrng nummultirange, ip inet, mac macaddr, u uuid, x xml, pt point, ts tsvector, oid_ oid, cls regclass, m money, lsn pg_lsn
);
INSERT INTO app.t VALUES
  (1, '{1,NULL,3}', '{{1.5,2},{3,NaN}}', '{"a,b","\"q\"","",NULL,"NULL"}', '{"b": 1, "a" : [1,2 ], "b":2}', '{"b": 1, "a": null}', 'NaN', 'Infinity', '-Infinity',
   'infinity', '-infinity', 'infinity', '1 year -3 days 00:00:00.000001', '', 'ab', '', true, B'10101', '\x00ff', 'happy', '{sad,happy}', '(1,2.50,"a ""b""")', ARRAY[ROW(1, 2, 'x')::app.point3, NULL], 'ok', '[1,10)', '{[1,2),[5,)}', '10.0.0.1/8', '08:00:2b:01:02:03', '00000000-0000-0000-0000-00000000000a', '<a>1</a>', '(1.5,-2)', 'a:1 b:2', 42, 'pg_class', 12.34, '0/16B3748'),
  (2, '{}', NULL, '[0:1]={x,y}', NULL, 'null', 'Infinity', 'NaN', '-0', '-infinity', '4713-01-01 00:00:00 BC', '294276-12-31 23:59:59.999999+00', '0', NULL, NULL, NULL, NULL, NULL, '', NULL, '{}', NULL, '{}', 'x', 'empty', '{}', '::1', NULL, NULL, NULL, NULL, '', 0, NULL, -0.01, NULL),
  (3, NULL, NULL, NULL, '[]', '[]', 0.00, -0.0, 1e-37, '2026-02-28', '2026-03-29 02:30', '2026-03-29 02:30+02', '-1 mon', 'tab	newline
backslash \ end', '', 'é☃', false, B'', '\x5c', 'sad', NULL, '(,,)', NULL, 'y', '(,5]', NULL, '0.0.0.0/0', NULL, NULL, NULL, '(NaN,Infinity)', NULL, NULL, NULL, NULL, NULL);
INSERT INTO app.t (id, n, jb) SELECT i, (i || '.' || repeat('0', i % 5))::numeric, to_jsonb(i) FROM generate_series(10, 200) AS i;
