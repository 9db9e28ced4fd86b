ADD COLUMN extra integer
