ADD COLUMN extra integer DEFAULT 5, ALTER COLUMN amount TYPE bigint
