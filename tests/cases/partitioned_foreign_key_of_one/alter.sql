ALTER COLUMN v TYPE bigint, ALTER COLUMN customer TYPE bigint
