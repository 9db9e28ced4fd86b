ALTER SEQUENCE app.t_id_seq AS bigint;
