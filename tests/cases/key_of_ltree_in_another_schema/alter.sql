ADD COLUMN extra integer DEFAULT 5
