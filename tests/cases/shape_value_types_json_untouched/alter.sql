ADD COLUMN k integer
