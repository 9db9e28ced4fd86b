-- Triggers on other tables than its own that call functions of job $1, and these tables.
SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS "table",
       format('DROP TRIGGER IF EXISTS %I ON %I.%I', t.tgname, n.nspname, c.relname) AS "drop"
FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace s ON s.oid = p.pronamespace
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.nspname IN ('eidolon_' || $1::bigint, 'eidolon_' || $1::bigint || '_old')
  AND n.nspname NOT IN ('eidolon_' || $1::bigint, 'eidolon_' || $1::bigint || '_old')
  AND NOT t.tgisinternal AND t.tgparentid = 0
ORDER BY c.oid, t.oid
