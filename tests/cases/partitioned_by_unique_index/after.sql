INSERT INTO app.t VALUES (1000, 'c', 'x');
DELETE FROM app.t WHERE region = 'a' AND id < 50;
