ALTER COLUMN v TYPE bigint, ADD COLUMN extra integer
