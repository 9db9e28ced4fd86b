ALTER COLUMN price TYPE double precision
