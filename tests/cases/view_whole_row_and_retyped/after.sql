CREATE TABLE app.seen AS SELECT * FROM app.j;
