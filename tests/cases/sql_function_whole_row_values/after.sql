CREATE TABLE app.seen AS SELECT app.rows(), app.one(), n FROM app.counted;
