ALTER COLUMN n TYPE bigint, ADD COLUMN extra text DEFAULT 'x'
