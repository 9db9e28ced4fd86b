INSERT INTO app.orders (id, placed) VALUES (5000, '2025-06-06');
UPDATE app.orders SET placed = '2026-02-02' WHERE id = 5000;
DELETE FROM app.orders WHERE customer = 5;
SELECT tableoid::regclass, count(*) FROM app.orders GROUP BY 1 ORDER BY 1;
