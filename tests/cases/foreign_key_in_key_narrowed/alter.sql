ALTER COLUMN code TYPE integer
