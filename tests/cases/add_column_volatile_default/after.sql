-- A value of its own for every row; which ones cannot be told beforehand.
SELECT 1 / (count(DISTINCT token) = count(*) AND count(DISTINCT dice) = count(*))::int FROM app.orders;
UPDATE app.orders SET token = '00000000-0000-0000-0000-000000000000', dice = 0;
