ADD COLUMN w integer, ALTER COLUMN v TYPE varchar
