-- Functions and procedures with an SQL-standard body that uses a table. $1: the table's OID.
WITH RECURSIVE {tree}
SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS kind, p.proname AS bare_name,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS name, pg_get_functiondef(p.oid) AS definition,
       p.oid::regprocedure::text AS signature, quote_ident(pg_get_userbyid(p.proowner)) AS owner,
       CASE WHEN NOT pg_has_role(p.proowner, 'USAGE') THEN pg_get_userbyid(p.proowner) END AS missing_owner,
       CASE WHEN NOT (has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) THEN n.nspname::text END AS missing_schema
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prosqlbody IS NOT NULL
   AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN (SELECT t.oid FROM tree t))
 ORDER BY p.oid
