CREATE TABLE app.seen AS SELECT app.as_json(5), app.pairs();
