INSERT INTO app.paid (id, amount) VALUES (5000, 1);
INSERT INTO app.summary VALUES (5, 5);
DELETE FROM app.summary;
UPDATE app.paid SET note = 'changed' WHERE id = 4;
