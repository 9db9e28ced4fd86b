-- The primary's position in the log, and who follows it: a row for each, or one without a name. What does not replay
-- (pg_receivewal) is measured by what it has written. A standby that replays is missed when it goes; a subscriber is
-- not, because its slot tells what it lacks.
SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS written,
       r.pid IS NOT NULL AS present,
       coalesce(nullif(r.application_name, ''), 'walreceiver') || coalesce('@' || host(r.client_addr), '') AS name,
       r.state,
       (coalesce(r.replay_lsn, r.write_lsn) - '0/0'::pg_lsn)::bigint AS replayed,
       extract(epoch FROM r.replay_lag)::float8 AS replay_lag,
       r.replay_lsn IS NOT NULL
         AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical') AS missed
FROM (VALUES (1)) AS always (one)
LEFT JOIN pg_stat_replication r ON true
ORDER BY name, r.pid
