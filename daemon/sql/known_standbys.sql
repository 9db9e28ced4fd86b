-- The standbys that are remembered of the log $1.
SELECT name FROM eidolon.standby WHERE log = $1
