-- $1 job, $2 paused, $3 reason
UPDATE eidolon.job
   SET paused = $2, paused_reason = $3, paused_at = CASE WHEN $2 THEN coalesce(paused_at, clock_timestamp()) END
 WHERE id = $1
