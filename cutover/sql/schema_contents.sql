-- Statements that drop what Eidolon itself puts into a job's schema ($1): materialized views, functions that went aside, tables (sequences and
-- indexes go with them), then functions. RESTRICT is PostgreSQL's default.
WITH RECURSIVE above(oid, depth) AS (
  SELECT c.oid, 0 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'm'
  UNION
  SELECT m.oid, a.depth + 1
    FROM above a
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.oid
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    JOIN pg_catalog.pg_class m ON m.oid = w.ev_class AND m.relkind = 'm' AND m.oid <> a.oid)
-- readers first
SELECT (SELECT -max(a.depth) FROM above a WHERE a.oid = c.oid) AS step, format('DROP MATERIALIZED VIEW %I.%I', n.nspname, c.relname) AS "drop"
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relkind = 'm'
UNION ALL
SELECT 0, format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = $1 AND p.proname = 'moved_aside_' || p.oid
UNION ALL
SELECT 1, format('DROP TABLE %I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
   -- partitions go with their table, so none may be elsewhere
   AND NOT c.relispartition
   AND NOT EXISTS (WITH RECURSIVE tree(oid) AS (
                     SELECT c.oid UNION SELECT h.inhrelid FROM tree t JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid)
                   SELECT FROM tree t JOIN pg_catalog.pg_class x ON x.oid = t.oid
                    WHERE c.relkind = 'p' AND x.relnamespace <> c.relnamespace)
UNION ALL
SELECT 2, format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = $1 AND (p.proname IN ('check_batch', 'check_partition', 'log_new', 'log_old', 'log_update', 'same_type', 'stop_log', 'replaced') OR p.proname ~ '^(ask_)?as_owner_\d+$')
ORDER BY step
