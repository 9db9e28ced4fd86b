UPDATE app.orders SET remark = 'changed' WHERE id < 5;
DELETE FROM app.orders WHERE note IN (5, 6);
