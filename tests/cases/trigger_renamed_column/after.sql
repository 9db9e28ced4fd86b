UPDATE app.orders SET "select" = 'changed' WHERE id = 5;
UPDATE app.orders SET note = 1 WHERE id = 6;
UPDATE app.orders SET customer = 1 WHERE id = 7;
