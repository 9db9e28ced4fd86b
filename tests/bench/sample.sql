-- One line per sample: time, how many of the load's sessions wait for a lock on an object, and by how many seconds and bytes
-- the standby is behind.
SELECT extract(epoch FROM clock_timestamp()),
       (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench' AND wait_event_type = 'Lock'),
       coalesce(max(extract(epoch FROM replay_lag)), 0),
       coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)
  FROM pg_stat_replication
\watch 0.05
