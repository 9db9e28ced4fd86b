CREATE TABLE app.seen AS SELECT * FROM pg_publication_tables;
