UPDATE app.orders SET note = 'changed' WHERE id < 5;
DELETE FROM app.orders WHERE customer IN (5, 6);
