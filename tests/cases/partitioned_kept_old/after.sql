INSERT INTO app.orders VALUES (5000, '2025-05-05', 5, 1, 'new');
