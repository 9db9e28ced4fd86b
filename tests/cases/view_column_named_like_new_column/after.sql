CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || max(extra) || sum(orders) FROM app.v;
