SET ROLE app_reader;
DELETE FROM app.customers WHERE id = 50;
RESET ROLE;
DELETE FROM app.orders WHERE id = 300;
