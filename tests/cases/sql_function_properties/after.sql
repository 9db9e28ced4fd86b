CREATE TABLE app.seen AS SELECT "Lib".newest(), f.* FROM "Lib"."Of Customer"(1, 2, 3) AS f;
CREATE TABLE app.seen_too AS SELECT * FROM app.list(5), app.list('paid') AS n;
