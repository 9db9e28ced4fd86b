-- Who is behind some transaction ids ($1).
SELECT a.pid, coalesce(a.backend_type, 'unknown') AS kind, coalesce(a.application_name, '') AS application_name, left(coalesce(a.query, ''), 200) AS query,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds
  FROM pg_stat_activity a WHERE a.backend_xid::text = ANY ($1::text[])
 UNION ALL
SELECT 0, 'prepared transaction', x.gid, '', extract(epoch FROM clock_timestamp() - x.prepared)::float8
  FROM pg_prepared_xacts x WHERE x.transaction::text = ANY ($1::text[])
