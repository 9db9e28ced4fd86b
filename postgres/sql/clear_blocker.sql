-- Cancels, or with $2 terminates, one session ($1) that stands in the way, provided that it is
-- still one that may be: an application's, or an autovacuum that is not needed to prevent wraparound; none of a daemon's.
-- A session that a pooler has given to somebody else since it was found has a younger transaction ($3, seconds).
SELECT CASE WHEN $2::boolean THEN pg_terminate_backend(pid) ELSE pg_cancel_backend(pid) END
  FROM pg_stat_activity
 WHERE pid = $1::integer
   AND application_name NOT LIKE 'eidolon %'
   AND xact_start <= clock_timestamp() - $3::float8 * interval '1 second'
   AND (backend_type = 'client backend'
        OR backend_type = 'autovacuum worker' AND query NOT LIKE '%(to prevent wraparound)');
