ALTER COLUMN id TYPE bigint, ALTER COLUMN region TYPE bigint
