ALTER COLUMN code TYPE integer USING code + 10000
