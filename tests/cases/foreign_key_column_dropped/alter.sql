DROP COLUMN customer
