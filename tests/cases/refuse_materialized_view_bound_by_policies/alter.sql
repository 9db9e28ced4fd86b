ADD COLUMN extra integer DEFAULT 3
