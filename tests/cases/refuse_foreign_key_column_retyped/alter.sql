ALTER COLUMN customer TYPE text
