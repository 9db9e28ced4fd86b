-- $1 job, $2 kind, $3 message, $4 detail. Numbers have no gap and no twin, because the job's row is updated first.
WITH numbered AS (UPDATE eidolon.job SET events = events + 1 WHERE id = $1 RETURNING id, events)
INSERT INTO eidolon.event (job, seq, kind, message, detail)
SELECT n.id, n.events, $2, $3, $4::jsonb
FROM numbered n
