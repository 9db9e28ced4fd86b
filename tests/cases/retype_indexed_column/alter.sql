ALTER COLUMN email TYPE text, ALTER COLUMN customer TYPE bigint, ALTER COLUMN amount TYPE double precision, ALTER COLUMN placed TYPE timestamptz USING placed AT TIME ZONE 'UTC'
