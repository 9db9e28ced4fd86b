DELETE FROM app.t_3 WHERE id = 305;
UPDATE app.t_2 SET w = 3 WHERE id = 150;
