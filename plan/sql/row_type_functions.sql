-- Functions and procedures whose signature has a table's row type, or an array of it. $1: the table's OID. name: as it is
-- once the new table has the old one's name.
SELECT p.oid, p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition,
       quote_ident(pg_get_userbyid(p.proowner)) AS owner, obj_description(p.oid, 'pg_proc') AS comment,
       CASE WHEN NOT pg_has_role(p.proowner, 'USAGE') THEN pg_get_userbyid(p.proowner) END AS missing_owner,
       CASE WHEN NOT (has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) THEN n.nspname::text END AS missing_schema,
       NOT has_schema_privilege(p.proowner, n.oid, 'CREATE') AND NOT me.rolsuper AS owner_may_not_create,
       NOT (l.lanpltrusted AND has_language_privilege(l.oid, 'USAGE') AND NOT p.proleakproof AND p.prosupport = 0)
         AND NOT me.rolsuper AS needs_superuser
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  JOIN pg_catalog.pg_roles me ON me.rolname = current_user
 WHERE p.prosqlbody IS NULL AND p.prokind IN ('f', 'p', 'w')
   AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type y ON d.refobjid IN (y.oid, y.typarray)
                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                  AND d.refclassid = 'pg_catalog.pg_type'::regclass AND y.typrelid = $1)
 ORDER BY p.oid
