CREATE TABLE app.seen AS SELECT app.f(), app.g();
