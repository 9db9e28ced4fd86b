ALTER COLUMN amount TYPE integer, ALTER COLUMN placed TYPE date
