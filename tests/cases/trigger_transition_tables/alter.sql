ALTER COLUMN amount TYPE numeric(14, 4), ADD COLUMN extra integer
