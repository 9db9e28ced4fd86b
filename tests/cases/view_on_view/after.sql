CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT customer || ' ' || total || ' ' || last || ' ' || coalesce(id, 0) FROM app.best_paid;
