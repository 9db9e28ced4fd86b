UPDATE app.orders SET email = 'first' WHERE id = 1;
