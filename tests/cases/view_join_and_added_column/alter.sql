ADD COLUMN name text DEFAULT 'ours', ADD COLUMN extra integer
