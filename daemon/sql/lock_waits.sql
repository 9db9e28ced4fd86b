-- Sessions of the application that wait for a lock on a table, or hold one there and wait for another. $1: the table;
-- NULL: the one that is called $2 now.
SELECT count(DISTINCT w.pid)::int AS waiting
FROM pg_locks w
JOIN pg_stat_activity a ON a.pid = w.pid
WHERE NOT w.granted
  AND a.application_name NOT LIKE 'eidolon %'
  AND EXISTS (SELECT FROM pg_locks l
              WHERE l.pid = w.pid AND l.relation = (SELECT coalesce($1::oid, to_regclass($2::text)::oid))
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
