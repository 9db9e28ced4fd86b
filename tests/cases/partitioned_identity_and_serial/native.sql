ALTER SEQUENCE app.t_number_seq AS bigint;
