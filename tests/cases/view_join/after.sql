CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || ' ' || sum(n) FROM app.named;
INSERT INTO app.seen SELECT count(*) || ' ' || count(name) || ' ' || count(note) FROM app.full_join;
INSERT INTO app.seen SELECT count(name)::text FROM app.natural_join;
INSERT INTO app.seen SELECT count(*)::text FROM app.crossed;
