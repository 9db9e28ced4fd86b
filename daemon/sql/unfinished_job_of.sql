-- The job that is at work on a table. One that only keeps the old table is not: the new one is free for
-- another change. $1 relation, $2 system identifier, $3 database
SELECT j.id
FROM eidolon.job j
WHERE j.relation = $1 AND j.finished_at IS NULL AND j.state <> 'retaining'
  AND j.system_identifier = $2 AND j.database_oid = $3::bigint::oid
ORDER BY j.id
LIMIT 1
