ADD COLUMN x integer
