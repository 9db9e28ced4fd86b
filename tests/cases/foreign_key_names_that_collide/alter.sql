ALTER COLUMN id TYPE bigint, ALTER COLUMN customer TYPE bigint
