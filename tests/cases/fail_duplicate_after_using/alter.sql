ALTER TABLE app.orders ALTER COLUMN email TYPE text USING left(email, 3), ADD CONSTRAINT orders_email_unique UNIQUE (email)
