-- $1 job, $2 from, $3 to, $4 end_state of an aborting job, $5 error, $6 progress. No row: the job is in another state.
UPDATE eidolon.job AS j
SET state = $3,
    state_since = clock_timestamp(),
    timings = jsonb_set(j.timings, ARRAY['states', $2::text],
                        to_jsonb(coalesce((j.timings #>> ARRAY['states', $2::text])::float8, 0)
                                 + greatest(0, extract(epoch FROM clock_timestamp() - j.state_since))::float8)),
    end_state = coalesce($4, j.end_state),
    error = coalesce($5::jsonb, j.error),
    progress = coalesce($6::jsonb, j.progress),
    paused = j.paused AND $3 NOT IN ('aborting', 'done', 'failed', 'aborted'),
    paused_reason = CASE WHEN $3 IN ('aborting', 'done', 'failed', 'aborted') THEN NULL ELSE j.paused_reason END,
    started_at = CASE WHEN $2 = 'queued' THEN clock_timestamp() ELSE j.started_at END,
    swapped_at = CASE WHEN $3 = 'retaining' THEN clock_timestamp() ELSE j.swapped_at END,
    finished_at = CASE WHEN $3 IN ('done', 'failed', 'aborted') THEN clock_timestamp() ELSE j.finished_at END
WHERE j.id = $1 AND j.state = $2
RETURNING to_char(j.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at
