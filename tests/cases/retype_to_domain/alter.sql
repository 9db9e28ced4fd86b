ALTER COLUMN amount TYPE app.positive
