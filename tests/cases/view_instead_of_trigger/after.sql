INSERT INTO app.paid VALUES (5000, 1, 0);
DELETE FROM app.paid WHERE id = 7;
