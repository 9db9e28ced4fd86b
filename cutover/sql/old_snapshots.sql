-- Sessions of this database that keep a snapshot while they are idle in a transaction: REPEATABLE READ or
-- SERIALIZABLE, or an open cursor. After the swap such a snapshot would not see the rows that were copied after it was
-- taken. READ COMMITTED keeps none between statements. Those older than the copy would see nothing at all, and are
-- in the way however short they are; others from an age of $1 seconds on.
-- {job_schema}."eidolon source" was written when the triggers were installed.
SELECT a.pid, a.backend_type AS kind, coalesce(a.application_name, '') AS application_name, left(coalesce(a.query, ''), 200) AS query,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds
  FROM pg_stat_activity a
 WHERE a.datname = current_database()
   AND a.backend_xmin IS NOT NULL
   AND a.state LIKE 'idle in transaction%'
   AND (clock_timestamp() - a.xact_start > make_interval(secs => $1)
        OR EXISTS (SELECT FROM {job_schema}."eidolon source" s WHERE age(a.backend_xmin) >= age(s.xmin)))
   AND a.pid <> pg_backend_pid()
   AND NOT (a.application_name LIKE 'eidolon%' AND a.usename = session_user)
