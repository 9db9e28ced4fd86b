INSERT INTO app.orders_rest (id, placed, customer, v, w) VALUES (5000, '2020-05-05', 5, 1, 'new');
UPDATE app.orders SET w = 'changed' WHERE id IN (7, 8, 9, 10, 200, 201, 202, 203, 5000);
DELETE FROM app.orders WHERE id < 5;
DELETE FROM app.orders_rest WHERE id < 5;
SELECT app.how_many(), (SELECT count(*) FROM app.rest), (SELECT count(*) FROM app.audit);
