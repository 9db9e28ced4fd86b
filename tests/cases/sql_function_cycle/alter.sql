ALTER COLUMN email TYPE text, ADD COLUMN f integer
