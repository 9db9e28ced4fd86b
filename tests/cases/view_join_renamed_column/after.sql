CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT id || ' ' || customer || ' ' || name FROM app.joined WHERE id < 50;
INSERT INTO app.seen SELECT count(*)::text FROM app.both;
