ALTER COLUMN k TYPE timestamp USING k::timestamp
