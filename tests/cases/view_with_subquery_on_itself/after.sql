CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || ' ' || sum(amount) FROM app.above;
INSERT INTO app.seen SELECT id || part FROM app.twice;
