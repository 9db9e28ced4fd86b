ALTER COLUMN email TYPE text, ADD COLUMN extra integer
