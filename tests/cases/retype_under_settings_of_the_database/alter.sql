ALTER COLUMN at TYPE timestamptz, ALTER COLUMN zoned TYPE text, ALTER COLUMN took TYPE text, ALTER COLUMN raw TYPE text USING raw::text, ALTER COLUMN day TYPE text
