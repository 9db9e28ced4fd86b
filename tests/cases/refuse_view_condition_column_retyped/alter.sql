ALTER COLUMN state TYPE varchar(20)
