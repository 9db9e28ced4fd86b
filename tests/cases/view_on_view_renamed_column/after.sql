CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || coalesce(max(other), '') FROM app.c;
