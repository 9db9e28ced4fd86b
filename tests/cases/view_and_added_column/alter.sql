ADD COLUMN extra text DEFAULT 'x'
