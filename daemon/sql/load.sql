-- The primary's position in the log, and what its other sessions do.
SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS written,
       count(*) FILTER (WHERE a.backend_type = 'client backend' AND a.state = 'active')::int AS active,
       coalesce(bool_or(a.usesysid IS NOT NULL AND a.backend_type IS NULL), false) AS hidden
FROM pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND a.application_name NOT LIKE 'eidolon %'
