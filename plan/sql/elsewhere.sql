-- Policies, rules and constraint triggers of other tables or views that mention a table. $1: the table's OID; its partitions are
-- no others.
WITH RECURSIVE {tree}, found AS (
  SELECT DISTINCT d.classid, d.objid,
         CASE d.classid
           WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_catalog.pg_policy p WHERE p.oid = d.objid)
           WHEN 'pg_catalog.pg_rewrite'::regclass THEN
             (SELECT w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.oid = d.objid AND w.rulename <> '_RETURN')
           ELSE (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgconstrrelid = $1)
         END AS on_oid
    FROM pg_catalog.pg_depend d
   WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1
     AND d.classid IN ('pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_trigger'::regclass)
)
SELECT CASE f.classid WHEN 'pg_catalog.pg_policy'::regclass THEN 'policy' WHEN 'pg_catalog.pg_rewrite'::regclass THEN 'rule'
                      ELSE 'trigger' END AS kind,
       c.oid AS on_oid, n.nspname AS schema, c.relname AS bare_name, c.relkind = 'v' AS on_view,
       coalesce(p.polname, w.rulename, t.tgname) AS name,
       coalesce(pg_get_ruledef(w.oid), pg_get_triggerdef(t.oid)) AS definition,
       coalesce(t.tgenabled, 'O') AS enabled, obj_description(t.oid, 'pg_trigger') AS comment,
       CASE WHEN NOT pg_has_role(c.relowner, 'USAGE') THEN pg_get_userbyid(c.relowner) END AS missing_owner,
       -- a view is locked by ALTER VIEW … SET SCHEMA
       CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE') OR c.relkind = 'v' AND NOT has_schema_privilege(n.oid, 'CREATE')
            THEN n.nspname::text END AS missing_schema
  FROM found f
  JOIN pg_catalog.pg_class c ON c.oid = f.on_oid AND c.oid NOT IN (SELECT t.oid FROM tree t)
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_policy p ON f.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = f.objid
  LEFT JOIN pg_catalog.pg_rewrite w ON f.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = f.objid
  LEFT JOIN pg_catalog.pg_trigger t ON f.classid = 'pg_catalog.pg_trigger'::regclass AND t.oid = f.objid
 ORDER BY f.classid, f.objid
