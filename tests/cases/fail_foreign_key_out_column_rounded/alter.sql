ALTER COLUMN rate TYPE integer
