-- Transactions that hold a writer's lock on a table, other than the daemon's. $1: the table's OID.
SELECT DISTINCT coalesce(l.virtualtransaction, '') AS transaction
  FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'relation' AND l.relation = $1 AND l.granted
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
   AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   AND l.pid IS DISTINCT FROM pg_backend_pid()
