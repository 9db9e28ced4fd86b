-- What looks at a table from outside: views (and those on views), functions with an SQL body, foreign keys of other tables;
-- and whether it is the session's own. $1: the table's OID.
WITH RECURSIVE {tree}, reached(oid) AS (
  SELECT t.oid FROM tree t
  UNION
  SELECT v.oid FROM reached r
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = r.oid
     AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm')
), onlookers(id, owner, name) AS (
  SELECT 'view ' || v.oid, v.relowner, pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
    FROM reached r JOIN pg_catalog.pg_class v ON v.oid = r.oid AND v.relkind IN ('v', 'm')
  UNION
  SELECT 'function ' || p.oid, p.proowner, pg_describe_object(d.classid, d.objid, 0)
    FROM reached r
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = r.oid
     AND d.classid = 'pg_catalog.pg_proc'::regclass
    JOIN pg_catalog.pg_proc p ON p.oid = d.objid
  UNION
  -- with what a retyped column does not change: the key itself is made anew for it
  SELECT concat_ws(' ', 'key', k.conrelid, quote_ident(k.conname), k.confupdtype, k.confdeltype, k.confmatchtype, k.condeferrable,
                   k.condeferred, k.convalidated, k.conkey), NULL, pg_describe_object('pg_catalog.pg_constraint'::regclass, k.oid, 0)
    FROM pg_catalog.pg_constraint k
   WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid IN (SELECT t.oid FROM tree t)
     AND k.conrelid NOT IN (SELECT t.oid FROM tree t)
)
SELECT o.id, o.name,
       o.owner IS NULL OR o.owner = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS ours
  FROM onlookers o
