ALTER COLUMN id TYPE bigint, ALTER COLUMN a TYPE bigint, ADD COLUMN extra text
