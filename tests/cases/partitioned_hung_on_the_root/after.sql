INSERT INTO app.orders (id, placed, customer, v, w) VALUES (5000, '2025-05-05', 5, 1, 'new');
UPDATE app.orders SET w = 'changed' WHERE id IN (7, 5000);
DELETE FROM app.orders WHERE id < 5;
SELECT app.how_many(), (SELECT count(*) FROM app.recent);
