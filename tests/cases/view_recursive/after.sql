CREATE TABLE app.seen AS SELECT * FROM app.tree;
CREATE TABLE app.seen_too AS SELECT id, again::text FROM app.walk;
