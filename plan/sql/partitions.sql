-- The partitions below a table, each after its parent. $1: the table's OID, $2: the job's schema, whose triggers do not count.
WITH RECURSIVE below(oid, parent, level) AS (
  SELECT h.inhrelid, h.inhparent, 1 FROM pg_catalog.pg_inherits h
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition WHERE h.inhparent = $1
  UNION ALL
  SELECT h.inhrelid, h.inhparent, b.level + 1 FROM below b
    JOIN pg_catalog.pg_inherits h ON h.inhparent = b.oid
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition)
SELECT c.oid, p.relname AS parent, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       pg_get_userbyid(c.relowner) AS owner,
       coalesce((SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam), '') AS access_method,
       pg_get_expr(c.relpartbound, c.oid) AS bound,
       coalesce(CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, '') AS partition_key,
       (SELECT h.inhdetachpending FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) AS detaching,
       c.relrowsecurity OR c.relforcerowsecurity AS row_security,
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0)
         AS refers,
       -- a trigger that came from its parent, and is in another state
       EXISTS (SELECT FROM pg_catalog.pg_trigger g
                 JOIN pg_catalog.pg_trigger o ON o.oid = g.tgparentid
                 JOIN pg_catalog.pg_proc f ON f.oid = g.tgfoid
                 JOIN pg_catalog.pg_namespace s ON s.oid = f.pronamespace
                WHERE g.tgrelid = c.oid AND g.tgenabled <> o.tgenabled AND s.nspname <> $2) AS other_trigger_states,
       EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND d.refobjid = c.oid AND d.deptype IN ('a', 'i')
                  AND (SELECT q.relkind FROM pg_catalog.pg_class q WHERE q.oid = d.objid) = 'S') AS owns_sequence,
       EXISTS (SELECT FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_depend d ON d.refobjid = x.oid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') AS extension_member
  FROM below b
  JOIN pg_catalog.pg_class c ON c.oid = b.oid
  JOIN pg_catalog.pg_class p ON p.oid = b.parent
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY b.level, b.oid
