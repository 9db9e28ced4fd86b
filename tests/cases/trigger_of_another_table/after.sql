INSERT INTO app.lines VALUES (1, 5), (2, 0);
