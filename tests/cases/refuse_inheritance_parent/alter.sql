ADD COLUMN w integer
