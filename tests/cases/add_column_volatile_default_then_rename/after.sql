-- A value of its own for each row, asked for once.
SELECT 1 / (count(DISTINCT token) = 1000 AND count(DISTINCT n) = 1000 AND max(n) = 1000)::int FROM app.orders;
UPDATE app.orders SET token = id, n = id;
