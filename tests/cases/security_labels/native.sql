ALTER SEQUENCE app.orders_number_seq AS bigint;
