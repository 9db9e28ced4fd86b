ALTER COLUMN amount TYPE numeric(12, 1)
