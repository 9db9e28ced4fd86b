-- Remembers standbys ($2) of the log $1, and those of no other log.
WITH others AS (DELETE FROM eidolon.standby WHERE log <> $1)
INSERT INTO eidolon.standby (log, name) SELECT $1, name FROM unnest($2::text[]) AS name ON CONFLICT DO NOTHING
