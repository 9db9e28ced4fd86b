ADD COLUMN place bigint DEFAULT nextval('app.t_id_seq')
