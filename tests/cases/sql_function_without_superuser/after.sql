CREATE TABLE app.seen AS SELECT app.n();
