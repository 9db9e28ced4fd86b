-- Ends what is left of one job's sessions ($1): the daemon has let go of them, but a backend can outlive its
-- client. A control session that is inside a transaction is awaited: it may be the job's change of state.
-- No row: nothing of the job is under way, and whatever it committed can be seen.
SELECT a.pid, a.application_name, pg_terminate_backend(a.pid) AS terminated
FROM pg_stat_activity a
WHERE a.datname = current_database()
  AND a.usename = session_user
  AND a.pid <> pg_backend_pid()
  AND a.application_name LIKE 'eidolon job ' || $1::bigint || ' %'
UNION ALL
SELECT a.pid, a.application_name, false
FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation'
  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  AND l.relation = 'eidolon.leader'::regclass
  AND l.granted
  AND a.pid <> pg_backend_pid()
  AND a.usename = session_user
  AND a.application_name = 'eidolon control'
