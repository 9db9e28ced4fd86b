-- Transactions that hold a writer's lock on a table or one of its partitions, other than the daemon's. $1: the table's OID.
WITH RECURSIVE tree(oid) AS (
  SELECT $1::oid
  UNION
  SELECT h.inhrelid FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition)
SELECT DISTINCT coalesce(l.virtualtransaction, '') AS transaction
  FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'relation' AND l.relation IN (SELECT t.oid FROM tree t) AND l.granted
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
   AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   AND l.pid IS DISTINCT FROM pg_backend_pid()
