CREATE TABLE app.seen AS SELECT id, app.total() FROM app.top;
