-- The shipment goes with the order before its address is gone.
DELETE FROM app.account WHERE id = 2;
SELECT 1 / ((SELECT count(*) FROM app.shipment) = 99)::int;
