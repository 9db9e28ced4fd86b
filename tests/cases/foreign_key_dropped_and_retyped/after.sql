DELETE FROM app.customers;
