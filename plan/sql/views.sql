-- Views and materialized views that read a table, or name it in another way, directly. $1: the
-- table's OID; plain views of its partitions too.
WITH RECURSIVE {tree}
SELECT c.oid, c.relkind = 'm' AS materialized, n.nspname AS schema, c.relname AS bare_name, format('%I.%I', n.nspname, c.relname) AS name, pg_get_userbyid(c.relowner) AS owner,
       pg_get_viewdef(c.oid) AS definition, array_to_string(c.reloptions, ', ') AS options,
       CASE WHEN NOT pg_has_role(c.relowner, 'USAGE') THEN pg_get_userbyid(c.relowner) END AS missing_owner,
       CASE WHEN NOT (has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) THEN n.nspname::text END AS missing_schema
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm')
   AND EXISTS (SELECT FROM pg_catalog.pg_rewrite w
                 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
                WHERE w.ev_class = c.oid AND w.rulename = '_RETURN'
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND (d.refobjid = $1 OR c.relkind = 'v' AND d.refobjid IN (SELECT t.oid FROM tree t)))
 ORDER BY c.oid
