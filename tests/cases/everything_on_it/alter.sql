ALTER COLUMN email TYPE text, ALTER COLUMN parent TYPE bigint
