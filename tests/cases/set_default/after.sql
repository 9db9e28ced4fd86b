INSERT INTO app.orders (id) VALUES (5000);
