INSERT INTO app.orders (customer) VALUES (1);
