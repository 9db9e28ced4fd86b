ALTER COLUMN email TYPE text, ADD COLUMN total integer
