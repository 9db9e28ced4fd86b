-- table: app.t
-- Every column of the key keeps its type, with more room: no two keys become one.
CREATE SCHEMA app;
CREATE TABLE app.t (
  code character(8),
  at timestamp(3),
  zoned timestamptz(0),
  hour time(2),
  amount numeric(10, 2),
  bits bit varying(16),
  v text,
  PRIMARY KEY (code, at, zoned, hour, amount, bits)
);
INSERT INTO app.t
SELECT 'k' || i % 700, timestamp '2026-01-01' + i * interval '1.234567 s', timestamptz '2026-01-01 00:00+00' + i * interval '1.5 s',
       time '00:00' + i * interval '0.123456 s', i / 8.0, (i % 65536)::bit(16)::bit varying, 'v' || i
FROM generate_series(1, 25000) AS i;
