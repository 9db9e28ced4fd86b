DROP CONSTRAINT orders_customer_fkey, ALTER COLUMN customer TYPE text
