ALTER COLUMN value TYPE integer USING value::integer
