ALTER COLUMN note TYPE text USING orders::text
