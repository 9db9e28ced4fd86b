ALTER COLUMN x TYPE bigint, ADD COLUMN extra integer
