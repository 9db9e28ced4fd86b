-- $1 job, $2 paused, $3 reason
UPDATE eidolon.job SET paused = $2, paused_reason = $3 WHERE id = $1
