ADD CONSTRAINT orders_email_unique UNIQUE (email)
