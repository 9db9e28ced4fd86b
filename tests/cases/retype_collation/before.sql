-- table: app.words
CREATE SCHEMA app;
CREATE TABLE app.words (id integer PRIMARY KEY, word text COLLATE "C");
CREATE INDEX words_word_idx ON app.words (word);
INSERT INTO app.words SELECT i, chr(64 + i % 26) || chr(97 + i % 25) FROM generate_series(1, 300) AS i;
