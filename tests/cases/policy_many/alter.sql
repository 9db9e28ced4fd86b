ALTER COLUMN email TYPE text, ADD COLUMN role name
