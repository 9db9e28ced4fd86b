-- Sessions of this database whose snapshot would not see, in the new table, the rows that are applied to it later: in
-- REPEATABLE READ or SERIALIZABLE, or with an open cursor. So these are who has one while he is idle in a transaction, or
-- one that is older than the statement he runs (or waits for a lock with): at the time $1[i] no transaction older than
-- $2[i] was running. In READ COMMITTED, drivers that use the extended protocol keep the last statement's portal, and its
-- snapshot, until the next one, and cannot be told apart. Who has a lock on the table $3 (NULL: none) is waited for with the
-- lock.
SELECT a.pid, a.backend_type AS kind, coalesce(a.application_name, '') AS application_name, left(coalesce(a.query, ''), 200) AS query,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds
  FROM pg_stat_activity a
 WHERE a.datname = current_database()
   AND a.backend_xmin IS NOT NULL
   AND a.backend_type IN ('client backend', 'walsender')
   AND a.pid <> pg_backend_pid()
   AND NOT (a.application_name LIKE 'eidolon%' AND a.usename = session_user)
   AND (a.state LIKE 'idle in transaction%'
        OR EXISTS (SELECT FROM unnest($1::timestamptz[], $2::xid[]) AS m (at, oldest)
                    WHERE a.query_start > m.at AND age(a.backend_xmin) > age(m.oldest)))
   AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.granted
                      AND l.database = a.datid AND l.relation = $3::bigint::oid)
 ORDER BY seconds DESC, a.pid
