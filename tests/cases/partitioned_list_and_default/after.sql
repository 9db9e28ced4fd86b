INSERT INTO app.t VALUES (9000, 'us', 'x'), (9001, 'zz', 'y');
UPDATE app.t SET region = 'de' WHERE id = 9001;
