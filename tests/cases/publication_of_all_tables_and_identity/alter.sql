ALTER COLUMN id TYPE bigint, ADD COLUMN extra integer
