ALTER COLUMN order_no TYPE bigint, ALTER COLUMN line TYPE integer, ADD COLUMN extra integer
