DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_key UNIQUE (id)
