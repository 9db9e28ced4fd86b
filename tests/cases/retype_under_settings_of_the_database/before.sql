-- table: app.log
-- What a cast between timestamp and timestamptz, or to text, gives depends on settings that a database may have of its own.
ALTER DATABASE :"DBNAME" SET TimeZone = 'Asia/Kolkata';
ALTER DATABASE :"DBNAME" SET DateStyle = 'German';
ALTER DATABASE :"DBNAME" SET IntervalStyle = 'iso_8601';
ALTER DATABASE :"DBNAME" SET bytea_output = 'escape';
CREATE SCHEMA app;
CREATE TABLE app.log (id integer PRIMARY KEY, at timestamp, took interval, zoned timestamptz, raw bytea, day date);
INSERT INTO app.log
SELECT i, timestamp '2026-03-29 00:00' + i * interval '17 minutes', i * interval '1 hour 3 seconds',
       timestamptz '2026-03-29 00:00+00' + i * interval '17 minutes', decode('00ff', 'hex'), date '2026-01-01' + i
FROM generate_series(1, 200) AS i;
