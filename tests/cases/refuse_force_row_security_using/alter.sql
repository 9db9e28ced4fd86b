ALTER COLUMN state TYPE text USING upper(state)
