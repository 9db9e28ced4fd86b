ALTER COLUMN state TYPE integer
