ALTER COLUMN email TYPE text, ADD COLUMN extra integer, DROP COLUMN placed
