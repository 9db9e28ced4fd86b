-- Ends backends of the daemon, or of an earlier one, that still hold eidolon.leader: their client is gone, or leads no more.
SELECT a.pid, a.application_name, pg_terminate_backend(a.pid) AS terminated
FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation'
  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  AND l.relation = 'eidolon.leader'::regclass
  AND l.granted
  AND a.pid <> pg_backend_pid()
  AND a.usename = session_user
  AND a.application_name LIKE 'eidolon %'
