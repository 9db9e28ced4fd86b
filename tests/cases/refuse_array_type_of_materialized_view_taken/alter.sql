ADD COLUMN z integer
