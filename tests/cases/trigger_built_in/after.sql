INSERT INTO app.orders (id, customer, note) VALUES (5000, 1, 'many words');
