-- Triggers that call a function of the job's schema ($1), wherever they are.
SELECT format('%I.%I', n.nspname, c.relname) AS "table",
       format('DROP TRIGGER IF EXISTS %I ON %I.%I', t.tgname, n.nspname, c.relname) AS "drop"
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace f ON f.oid = p.pronamespace
 WHERE f.nspname = $1 AND NOT t.tgisinternal AND t.tgparentid = 0
 ORDER BY t.oid
