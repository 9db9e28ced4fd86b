ALTER COLUMN customer TYPE bigint USING 96 - customer
