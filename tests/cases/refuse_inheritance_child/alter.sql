ALTER COLUMN extra TYPE varchar(10)
