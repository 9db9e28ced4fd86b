-- Who holds, or waits for, a lock on one of some tables ($1), or on one of its partitions, that conflicts with the mode in
-- which it is wanted ($2, as LOCK TABLE spells it): the table of conflicts is the one of the manual, "Explicit Locking".
-- The job's own sessions do not count; another job's do, for it may validate for long. Without the rights of pg_read_all_stats, of
-- other roles' sessions only the pid is known. A prepared transaction has no session; its own
-- lock on its transaction id tells which one it is.
WITH RECURSIVE tree (oid, wanted) AS (
  SELECT w.oid, replace(initcap(w.mode COLLATE "C"), ' ', '') || 'Lock' FROM unnest($1::oid[], $2::text[]) AS w (oid, mode)
  UNION
  SELECT h.inhrelid, t.wanted FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition
), conflicts (wanted, held) AS (
  VALUES ('AccessShareLock', ARRAY['AccessExclusiveLock']),
         ('RowShareLock', ARRAY['ExclusiveLock', 'AccessExclusiveLock']),
         ('RowExclusiveLock', ARRAY['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']),
         ('ShareUpdateExclusiveLock', ARRAY['ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                                            'ExclusiveLock', 'AccessExclusiveLock']),
         ('ShareLock', ARRAY['RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock',
                             'ExclusiveLock', 'AccessExclusiveLock']),
         ('ShareRowExclusiveLock', ARRAY['RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
                                         'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']),
         ('ExclusiveLock', ARRAY['RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
                                 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']),
         ('AccessExclusiveLock', ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock',
                                       'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                                       'ExclusiveLock', 'AccessExclusiveLock'])
), locks AS MATERIALIZED (
  SELECT * FROM pg_locks
), in_the_way AS (
  SELECT l.pid, l.virtualtransaction, NOT bool_or(l.granted) AS waiting
    FROM locks l
    JOIN tree t ON t.oid = l.relation
    JOIN conflicts c ON c.wanted = t.wanted AND l.mode = ANY (c.held)
   WHERE l.locktype = 'relation'
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   GROUP BY l.pid, l.virtualtransaction
)
SELECT a.pid,
       coalesce(a.backend_type, 'unknown') AS kind,
       coalesce(a.application_name, '') AS application_name,
       coalesce(left(a.query, 200), '') AS query,
       a.query_start::timestamptz(0)::text AS query_start,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds,
       coalesce(a.backend_type = 'autovacuum worker' AND a.query LIKE '%(to prevent wraparound)', false) AS anti_wraparound,
       w.waiting
  FROM in_the_way w
  JOIN pg_stat_activity a ON a.pid = w.pid
 WHERE a.pid <> pg_backend_pid()
   AND a.backend_type IS DISTINCT FROM 'parallel worker'
   AND NOT (a.usename = session_user
            AND starts_with(coalesce(a.application_name, ''),
                            coalesce(substring(current_setting('application_name') FROM '^eidolon job \d+ '), 'eidolon')))
 UNION ALL
SELECT 0, 'prepared transaction', p.gid, '', NULL, extract(epoch FROM clock_timestamp() - p.prepared)::float8, false, false
  FROM in_the_way w
  JOIN locks x ON x.virtualtransaction = w.virtualtransaction AND x.pid IS NULL AND x.locktype = 'transactionid'
  JOIN pg_prepared_xacts p ON p.transaction = x.transactionid
 WHERE w.pid IS NULL
 ORDER BY seconds DESC, pid;
