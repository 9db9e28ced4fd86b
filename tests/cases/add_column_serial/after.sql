-- Every row has a number of its own, and the sequence goes on behind the highest.
SELECT 1 / (count(DISTINCT position) = count(*) AND min(position) >= 1)::int FROM app.orders;
INSERT INTO app.orders (id, customer) VALUES (5000, 1);
SELECT 1 / (count(DISTINCT position) = count(*))::int FROM app.orders;
UPDATE app.orders SET position = id;
SELECT setval('app.orders_position_seq', 10000);
