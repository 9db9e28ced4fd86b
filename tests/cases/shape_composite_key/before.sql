-- table: app.lines
CREATE SCHEMA app;
CREATE TABLE app.lines (
  note text,
  line smallint,
  order_no integer,
  day date,
  PRIMARY KEY (order_no, day, line)
);
INSERT INTO app.lines (order_no, day, line, note)
SELECT i, date '2026-01-01' + l, l, 'line ' || l FROM generate_series(1, 200) AS i, generate_series(1, 5) AS l;
