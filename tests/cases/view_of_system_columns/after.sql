CREATE TABLE app.seen AS SELECT * FROM app.v;
CREATE TABLE app.seen_too AS SELECT * FROM app.size;
