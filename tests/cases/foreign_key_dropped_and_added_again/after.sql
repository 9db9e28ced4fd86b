DELETE FROM app.customers WHERE id = 5;
