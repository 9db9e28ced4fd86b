ALTER COLUMN amount TYPE app.small
