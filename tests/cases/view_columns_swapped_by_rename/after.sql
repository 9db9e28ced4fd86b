CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || ' ' || max(email) || ' ' || max(note) FROM app.v;
