CREATE TABLE app.seen AS SELECT * FROM app.j;
CREATE TABLE app.seen_too AS SELECT * FROM app.n;
