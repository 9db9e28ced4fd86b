ALTER SEQUENCE app_parts.t_1_number_seq AS bigint;
ALTER SEQUENCE app.t_2_number_seq AS bigint;
