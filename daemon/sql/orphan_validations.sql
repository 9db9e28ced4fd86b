-- What job $1, which has swapped, had still to do for foreign keys: the statements of its plan, but for those whose key is
-- as they leave it. A plan names tables as format('%I') does, or with quotes in any case.
SELECT e.planned ->> 'statement' AS statement, coalesce(e.planned ->> 'owner', '') AS owner
FROM eidolon.job j
CROSS JOIN jsonb_array_elements(j.plan -> 'neighbours' -> 'validate') WITH ORDINALITY e(planned, place)
WHERE j.id = $1
  AND NOT EXISTS (
    SELECT
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (VALUES (format('%I.%I', n.nspname, c.relname)),
                               (format('"%s"."%s"', replace(n.nspname, '"', '""'), replace(c.relname, '"', '""')))) t(name)
    CROSS JOIN LATERAL (SELECT format('"%s"', replace(k.conname, '"', '""'))) q(key)
    WHERE k.contype = 'f'
      AND (k.convalidated AND e.planned ->> 'statement' = format('ALTER TABLE %s VALIDATE CONSTRAINT %s', t.name, q.key)
           OR starts_with(e.planned ->> 'statement', format('ALTER TABLE %s ADD CONSTRAINT %s ', t.name, q.key))
           OR obj_description(k.oid, 'pg_constraint') IS NOT NULL
              AND starts_with(e.planned ->> 'statement', format('COMMENT ON CONSTRAINT %s ON %s IS ', q.key, t.name))))
ORDER BY e.place
