ALTER TABLE app.orders ALTER COLUMN note TYPE text USING coalesce(note, random()::text);
