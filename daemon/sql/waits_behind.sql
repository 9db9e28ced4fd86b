-- Who waits for a lock that a session ($1) has, or is ahead in the queue for, so that others come to wait as well: one that
-- keeps writers from a table, or what a row's writer waits for. Who that may be is looked for among the locks, and only then is
-- asked who is in whose way, which stops every request for a lock on the server for a moment.
WITH locks AS MATERIALIZED (SELECT * FROM pg_locks)
SELECT w.pid, coalesce(a.application_name, '') AS application_name,
       regexp_replace(w.mode, '(?<=[a-z])(?=[A-Z])|Lock$', ' ', 'g') AS mode,
       CASE w.locktype WHEN 'relation' THEN w.relation::regclass::text ELSE 'a row' END AS wanted,
       coalesce(extract(epoch FROM clock_timestamp() - w.waitstart), 0)::float8 AS seconds
  FROM locks w LEFT JOIN pg_stat_activity a USING (pid)
 WHERE CASE WHEN NOT w.granted AND w.pid <> $1
             AND (w.locktype = 'relation'
                  AND w.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                  AND EXISTS (SELECT FROM locks o WHERE o.pid = $1 AND o.locktype = 'relation'
                                AND o.database = w.database AND o.relation = w.relation)
               OR w.locktype = 'transactionid'
                  AND EXISTS (SELECT FROM locks o WHERE o.pid = $1 AND o.locktype = 'transactionid'
                                AND o.transactionid = w.transactionid))
            THEN $1 = ANY (pg_blocking_pids(w.pid)) END
 ORDER BY seconds DESC, w.pid
 LIMIT 1
