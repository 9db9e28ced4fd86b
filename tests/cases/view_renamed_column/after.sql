CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || ' ' || sum("double") || ' ' || max(note) FROM app.paid;
INSERT INTO app.seen SELECT who || ' ' || how_much FROM app.sums WHERE who < 5;
INSERT INTO app.whole (id, customer, note) VALUES (5000, 1, 'whole');
