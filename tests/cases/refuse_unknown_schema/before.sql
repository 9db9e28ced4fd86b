-- table: nowhere.orders
SELECT 1;
