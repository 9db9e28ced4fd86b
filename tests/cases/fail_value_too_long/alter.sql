ALTER COLUMN email TYPE varchar(15)
