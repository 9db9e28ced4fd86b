-- One view. $1: its OID.
SELECT c.oid, c.relkind = 'm' AS materialized, n.nspname AS schema, c.relname AS bare_name,
       format('%I.%I', n.nspname, c.relname) AS name, pg_get_userbyid(c.relowner) AS owner,
       pg_get_viewdef(c.oid) AS definition, array_to_string(c.reloptions, ', ') AS options,
       CASE WHEN NOT pg_has_role(c.relowner, 'USAGE') THEN pg_get_userbyid(c.relowner) END AS missing_owner,
       CASE WHEN NOT (has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) THEN n.nspname::text END AS missing_schema
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = $1
