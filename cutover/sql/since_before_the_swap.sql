-- Sessions of this database with a snapshot, whose transaction began more than $1 seconds ago.
SELECT a.pid, a.backend_type AS kind, coalesce(a.application_name, '') AS application_name, left(coalesce(a.query, ''), 200) AS query,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS seconds
  FROM pg_stat_activity a
 WHERE a.datname = current_database()
   AND a.backend_xmin IS NOT NULL
   AND a.backend_type IN ('client backend', 'walsender')
   AND NOT (a.application_name LIKE 'eidolon%' AND a.usename = session_user)
   AND a.xact_start < clock_timestamp() - $1 * interval '1 second'
 ORDER BY seconds DESC, a.pid
