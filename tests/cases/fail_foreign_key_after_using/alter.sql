ALTER COLUMN customer TYPE bigint USING customer + 1
