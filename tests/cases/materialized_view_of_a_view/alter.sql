ADD COLUMN extra integer, ALTER COLUMN customer TYPE bigint
