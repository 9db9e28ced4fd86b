SELECT 1 / (count(DISTINCT day) = 1 AND max(day) BETWEEN current_date - 1 AND current_date)::int FROM app.orders;
UPDATE app.orders SET day = '2026-01-01';
