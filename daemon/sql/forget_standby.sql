DELETE FROM eidolon.standby WHERE log = $1 AND name = $2
