ADD COLUMN n integer
