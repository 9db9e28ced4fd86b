ALTER COLUMN full_name TYPE varchar(100), ADD COLUMN age integer
