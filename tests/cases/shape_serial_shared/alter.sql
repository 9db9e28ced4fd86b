ALTER COLUMN v TYPE varchar(30), ADD COLUMN w integer
