ADD COLUMN extra integer, ADD COLUMN orders integer
