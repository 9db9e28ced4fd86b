-- Counts an attempt at a lock that the application feels. $1 job, $2 outcome (NULL: not of the cutover),
-- $3 seconds for which the application may have been blocked, $4 seconds for which the cutover held its locks (NULL: not yet)
UPDATE eidolon.job AS j
SET cutover = CASE WHEN $2::text IS NULL THEN j.cutover
                   ELSE jsonb_build_object('attempts', (j.cutover ->> 'attempts')::int + 1, 'last_outcome', $2::text) END,
    timings = j.timings
              || jsonb_build_object('blocked_application_seconds', (j.timings ->> 'blocked_application_seconds')::float8 + $3::float8)
              || CASE WHEN $4::float8 IS NULL THEN '{}' ELSE jsonb_build_object('cutover_held_seconds', $4::float8) END
WHERE j.id = $1
RETURNING j.cutover, j.timings
