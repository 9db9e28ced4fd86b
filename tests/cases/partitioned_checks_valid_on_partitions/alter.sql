ALTER COLUMN x TYPE bigint, ADD COLUMN more integer
