ALTER COLUMN placed TYPE timestamptz USING placed AT TIME ZONE 'America/New_York'
