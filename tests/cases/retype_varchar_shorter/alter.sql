ALTER COLUMN email TYPE varchar(24)
