ALTER COLUMN placed TYPE timestamptz
