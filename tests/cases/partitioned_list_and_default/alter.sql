ALTER COLUMN v TYPE text USING 'v' || v
