RENAME COLUMN note TO email
