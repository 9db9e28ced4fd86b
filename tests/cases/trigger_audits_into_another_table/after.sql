INSERT INTO app.t (id, v) VALUES (1000, 'new');
UPDATE app.t SET v = 'changed' WHERE id IN (5);
DELETE FROM app.t WHERE id = 9;
