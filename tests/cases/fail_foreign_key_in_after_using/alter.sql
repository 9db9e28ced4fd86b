ALTER COLUMN code TYPE bigint USING code + 1
