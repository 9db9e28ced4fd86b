ADD COLUMN z integer, ALTER COLUMN n TYPE bigint
