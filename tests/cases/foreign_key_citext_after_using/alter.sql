ALTER COLUMN word TYPE app.citext USING (lower(word::text))::app.citext, ALTER COLUMN customer TYPE bigint USING customer + 1
