ALTER COLUMN amount TYPE text
