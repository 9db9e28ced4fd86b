-- $1 job, $2: events after this number
SELECT e.seq, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, e.kind, e.message, e.detail
FROM eidolon.event e
WHERE e.job = $1 AND e.seq > $2
ORDER BY e.seq
LIMIT 10000
