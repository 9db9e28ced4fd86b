ALTER COLUMN note TYPE text USING coalesce(note, 'none') || (orders).customer::text
