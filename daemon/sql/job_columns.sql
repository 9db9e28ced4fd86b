-- Jobs as the daemon reads them: of a plan that is carried out what is still shown, for there may be many. A condition
-- is appended.
SELECT j.id, j.name, j.table_name, j.alter_text, j.postpone_cutover, j.requested_settings, j.system_identifier,
       j.database_oid::bigint AS database_oid, j.relation, j.settings, j.state, j.end_state, j.paused, j.paused_reason,
       j.timings ->> 'paused_at' AS paused_since,
       j.cutover_requested, j.abort_requested, j.drop_requested,
       CASE WHEN j.finished_at IS NULL OR j.plan IS NULL THEN j.plan
            ELSE jsonb_strip_nulls(jsonb_build_object('source', '{}'::jsonb, 'warnings', j.plan -> 'warnings',
                                                      'stream_obstacle', j.plan -> 'stream_obstacle'))
       END AS plan, j.error, j.cutover, j.timings, j.progress,
       greatest(0, extract(epoch FROM clock_timestamp() - j.state_since))::float8 AS state_seconds,
       greatest(0, extract(epoch FROM clock_timestamp() - j.swapped_at))::float8 AS swapped_seconds,
       to_char(j.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS submitted_at,
       to_char(j.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
       to_char(j.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS finished_at
FROM eidolon.job j
