-- Who follows the log. What does not replay it (pg_receivewal) is measured by what it has written.
SELECT coalesce(nullif(r.application_name, ''), 'walreceiver') || coalesce('@' || host(r.client_addr), '') AS name, r.state,
       (coalesce(r.replay_lsn, r.write_lsn) - '0/0'::pg_lsn)::bigint AS replayed,
       extract(epoch FROM r.replay_lag)::float8 AS replay_lag
FROM pg_stat_replication r
ORDER BY 1
