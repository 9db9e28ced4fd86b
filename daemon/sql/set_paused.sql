-- $1 job, $2 paused, $3 reason. Since when is kept with the other times, which an older program passes on.
UPDATE eidolon.job AS j
   SET paused = $2, paused_reason = $3,
       timings = CASE WHEN NOT $2 THEN j.timings - 'paused_at'
                      WHEN j.paused AND j.timings ? 'paused_at' THEN j.timings
                      ELSE j.timings || jsonb_build_object('paused_at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
                                                                                'YYYY-MM-DD"T"HH24:MI:SS"Z"')) END
 WHERE j.id = $1
