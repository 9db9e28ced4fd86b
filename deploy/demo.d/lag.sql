-- One line per sample: time, seconds and bytes by which the standby that is furthest behind is behind.
SELECT extract(epoch FROM clock_timestamp()),
       coalesce(max(extract(epoch FROM replay_lag)), 0),
       coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)
  FROM pg_stat_replication
\watch 0.2
