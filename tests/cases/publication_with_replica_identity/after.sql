CREATE TABLE app.seen AS SELECT * FROM pg_publication_tables;
UPDATE app.orders SET note = 'changed' WHERE id = 5;
