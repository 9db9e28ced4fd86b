CREATE TABLE app.seen AS SELECT c, app.total(c) FROM generate_series(1, 10) AS c;
