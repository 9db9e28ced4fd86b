-- The primary's position in the log, and who follows it: a row for each, or one without a name. Who does not replay
-- (pg_receivewal), or decodes, is measured by what was sent to it: many report every ten seconds how far they are, if at
-- all, and who does not take what is sent is sent no more. A standby that replays is missed when it goes; a subscriber is
-- not, because its slot tells what it lacks.
SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS written,
       r.pid IS NOT NULL AS present,
       coalesce(nullif(r.application_name, ''), 'walreceiver') || coalesce('@' || host(r.client_addr), '') AS name,
       r.state,
       (CASE WHEN k.replays THEN r.replay_lsn ELSE r.sent_lsn END - '0/0'::pg_lsn)::bigint AS replayed,
       CASE WHEN k.replays THEN extract(epoch FROM r.replay_lag) END::float8 AS replay_lag,
       k.replays AS missed
FROM (VALUES (1)) AS always (one)
LEFT JOIN pg_stat_replication r ON true
CROSS JOIN LATERAL (
  SELECT r.replay_lsn IS NOT NULL
         AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical') AS replays
) k
ORDER BY name, r.pid
