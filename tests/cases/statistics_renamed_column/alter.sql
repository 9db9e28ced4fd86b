RENAME COLUMN customer TO "user"
