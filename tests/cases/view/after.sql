CREATE TABLE app.seen (what text);
INSERT INTO app.seen SELECT count(*) || ' ' || sum(amount) FROM app.paid;
INSERT INTO app.paid VALUES (5000, 1, 'not seen', 3);
UPDATE app.paid SET note = 'through the view' WHERE id < 100;
DELETE FROM app.paid WHERE id = 100;
