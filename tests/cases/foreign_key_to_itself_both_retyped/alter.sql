ALTER COLUMN id TYPE bigint, ALTER COLUMN parent TYPE bigint
