ADD COLUMN name text DEFAULT 'x', ADD COLUMN c integer
