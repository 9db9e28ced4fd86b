-- The statements that remove what job $1 left: triggers that call functions of its schemas, its materialized views,
-- functions that went aside, its tables, its other functions, its schemas. In the order in which nothing depends on what
-- is dropped; never CASCADE.
WITH RECURSIVE schemas AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname IN ('eidolon_' || $1::bigint, 'eidolon_' || $1::bigint || '_old')
), above(oid, depth) AS (
  SELECT c.oid, 0 FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace WHERE c.relkind = 'm'
  UNION
  SELECT m.oid, a.depth + 1
  FROM above a
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.oid
  JOIN pg_rewrite w ON w.oid = d.objid
  JOIN pg_class m ON m.oid = w.ev_class AND m.relkind = 'm' AND m.oid <> a.oid
), statements AS (
  SELECT 1 AS step, 0 AS place, format('DROP TRIGGER %I ON %I.%I', t.tgname, tn.nspname, c.relname) AS statement
  FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN schemas s ON s.oid = p.pronamespace
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace tn ON tn.oid = c.relnamespace
  WHERE NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  -- readers first
  SELECT 2, (SELECT -max(a.depth) FROM above a WHERE a.oid = c.oid),
         format('DROP MATERIALIZED VIEW %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind = 'm'
  UNION ALL
  -- whose arguments or results have the old table's row type; the number is an OID, which a restored dump has changed
  SELECT 3, 0, format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
  JOIN schemas s ON s.oid = p.pronamespace
  WHERE p.proname ~ '^moved_aside_\d+$'
  UNION ALL
  SELECT 4, 0, format('DROP TABLE %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  UNION ALL
  SELECT 5, 0, format('DROP SEQUENCE IF EXISTS %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind = 'S'
  UNION ALL
  SELECT 6, 0, format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
  JOIN schemas s ON s.oid = p.pronamespace
  WHERE p.proname !~ '^moved_aside_\d+$'
  UNION ALL
  SELECT 7, 0, format('DROP SCHEMA %I', s.nspname) FROM schemas s
)
SELECT statement FROM statements ORDER BY step, place, statement
