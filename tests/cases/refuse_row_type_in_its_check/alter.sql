ALTER COLUMN customer TYPE bigint
