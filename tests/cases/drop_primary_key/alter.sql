DROP CONSTRAINT orders_pkey
