DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (customer)
