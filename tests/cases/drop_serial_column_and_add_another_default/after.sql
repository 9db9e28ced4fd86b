SELECT 1 / (count(DISTINCT number) = 1000 AND max(number) = 1000)::int FROM app.orders;
UPDATE app.orders SET number = id;
