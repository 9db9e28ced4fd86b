ADD COLUMN b text
