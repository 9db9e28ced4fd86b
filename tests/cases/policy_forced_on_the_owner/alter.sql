ALTER COLUMN id TYPE bigint, ADD COLUMN extra text DEFAULT 'x'
