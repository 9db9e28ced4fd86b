-- The statements that remove what job $1 left: triggers that call functions of its schemas, its tables, its
-- functions, its schemas. In the order in which nothing depends on what is dropped; never CASCADE.
WITH schemas AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname IN ('eidolon_' || $1::bigint, 'eidolon_' || $1::bigint || '_old')
), statements AS (
  SELECT 1 AS step, format('DROP TRIGGER %I ON %I.%I', t.tgname, tn.nspname, c.relname) AS statement
  FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN schemas s ON s.oid = p.pronamespace
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace tn ON tn.oid = c.relnamespace
  WHERE NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 2, format('DROP MATERIALIZED VIEW %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind = 'm'
  UNION ALL
  SELECT 3, format('DROP TABLE %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  UNION ALL
  SELECT 4, format('DROP SEQUENCE IF EXISTS %I.%I', s.nspname, c.relname)
  FROM pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind = 'S'
  UNION ALL
  SELECT 5, format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
  JOIN schemas s ON s.oid = p.pronamespace
  UNION ALL
  SELECT 6, format('DROP SCHEMA %I', s.nspname) FROM schemas s
)
SELECT statement FROM statements ORDER BY step, statement
