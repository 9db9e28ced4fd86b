ALTER COLUMN v TYPE varchar(10), ADD COLUMN depth integer, ADD COLUMN path text
