-- The time, and before it the oldest transaction that was running. See old_snapshots.sql.
SELECT clock_timestamp()::text AS at, pg_snapshot_xmin(pg_current_snapshot())::xid::text AS oldest
